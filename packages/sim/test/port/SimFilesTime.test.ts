/** What files cost in virtual time, and what the seed decides about them. */
import { Backend, Files } from "@portico/core"
import {
  type PortDirectory,
  type PortDirectoryEntry,
  PortFailure,
  type PortFile
} from "@portico/core/port/index"
import { SimBackend } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { slowDisk } from "../../src/disk/Device.ts"
import { bytesOf } from "../disk/TestDisk.ts"
import { disk, elapsed, run, write } from "./FilePrograms.ts"

describe("a disk takes virtual time", () => {
  it("for each operation, more for a sync, and for every byte", () => {
    const program = Effect.gen(function* () {
      const file = yield* Files.open("/tmp/a", { access: "readWrite", create: "ifMissing" })
      const small = yield* elapsed(file.write(bytesOf("x")))
      const large = yield* elapsed(file.write(bytesOf("x".repeat(1_000_000))))
      const sync = yield* elapsed(file.sync)
      expect(small).toBeGreaterThanOrEqual(10_000)
      expect(large - small).toBeGreaterThanOrEqual(499_000)
      expect(sync).toBeGreaterThanOrEqual(100_000)
      yield* Effect.flatMap(disk, (one) => one.setSpeed(slowDisk))
      expect(yield* elapsed(file.sync)).toBeGreaterThanOrEqual(6_000_000)
    })
    run(Effect.scoped(program))
  })

  it("one operation after another, as many as it does in a second", () => {
    const program = Effect.gen(function* () {
      yield* write("/tmp/a", "x")
      const file = yield* Files.open("/tmp/a")
      yield* Effect.flatMap(disk, (one) => one.setSpeed({ operationsPerSecond: 1000 }))
      const reads = Effect.all(
        Array.from({ length: 50 }, () => file.readAt(0, 1)),
        { concurrency: "unbounded" }
      )
      const nanos = yield* elapsed(reads)
      expect(Math.round(nanos / 1e6)).toBe(50)
    })
    run(Effect.scoped(program))
  })

  it("and stalls now and then", () => {
    const program = Effect.gen(function* () {
      yield* write("/tmp/a", "x")
      yield* Effect.flatMap(disk, (one) => one.setFaults({ stalls: 100, stallNanos: 1e9 }))
      const file = yield* Files.open("/tmp/a")
      const times = yield* Effect.forEach(Array(50), () => elapsed(file.readAt(0, 1)))
      const stalled = times.filter((nanos) => nanos >= 1e9).length
      expect(stalled).toBeGreaterThan(0)
      expect(stalled).toBeLessThan(20)
    })
    run(Effect.scoped(program))
  })

  it("which files' times show, to the nanosecond", () => {
    const program = Effect.gen(function* () {
      yield* Effect.sleep("1 second")
      yield* write("/tmp/a", "x")
      const { changedNanos, createdNanos, modifiedNanos } = yield* Files.stat("/tmp/a")
      const now = yield* Clock.currentTimeNanos
      expect(createdNanos! < modifiedNanos).toBe(true)
      expect(modifiedNanos).toBe(changedNanos)
      expect(modifiedNanos <= now && now - modifiedNanos < 1_000_000n).toBe(true)
    })
    run(program)
  })
})

describe("names in a directory", () => {
  const listed = (seed: number) =>
    run(
      Effect.gen(function* () {
        for (const name of "abcdefgh") yield* write(`/tmp/${name}`, "")
        const entries = yield* Stream.runCollect(Files.entries("/tmp"))
        return [...entries].map(({ name }) => name).join("")
      }),
      seed
    )

  it("come in an order that the seed decides", () => {
    const orders = [1, 2, 3, 4, 5].map(listed)
    expect(new Set(orders).size).toBeGreaterThan(3)
    expect(listed(1)).toBe(orders[0])
    for (const order of orders) expect(order.split("").sort().join("")).toBe("abcdefgh")
  })
})

// Over the port: core may change how it spends its steps.
const ported = Effect.gen(function* () {
  const { files } = yield* Backend.Backend
  const port = files!
  const one = yield* disk
  const call = <A>(ask: (done: (result: A | PortFailure) => void) => void) =>
    Effect.callback<A | PortFailure>((resume) => ask((result) => resume(Effect.succeed(result))))
  const must = <A>(ask: (done: (result: A | PortFailure) => void) => void) =>
    Effect.map(call(ask), (result) => {
      if (result instanceof PortFailure) throw new Error(result.reason._tag)
      return result
    })
  const open = { access: "readWrite", append: true, create: "ifMissing", mode: 0o666 } as const
  yield* one.setFaults({ shortWrites: 300, syncErrors: 100, stalls: 50, stallNanos: 12_345 })
  const worker = (name: string) =>
    Effect.gen(function* () {
      const request = { ...open, path: `/tmp/${name}`, truncate: false, noFollow: false }
      const file = yield* must<PortFile>((done) => port.open(request, done))
      for (let round = 0; round < 5; round++) {
        yield* must<number>((done) => file.write([bytesOf(name.repeat(900))], undefined, done))
        yield* call<void>((done) => file.sync(true, done))
      }
      yield* must((done) => file.close(done))
    })
  yield* Effect.forEach("abcd", worker, { concurrency: "unbounded", discard: true })
  const directory = yield* must<PortDirectory>((done) => port.openDirectory("/tmp", done))
  const entries = yield* must<ReadonlyArray<PortDirectoryEntry>>((done) => directory.read(9, done))
  yield* must((done) => directory.close(done))
  const report = yield* one.crash("random")
  return { names: entries.map(({ name }) => name).join(""), report }
})

describe("one seed", () => {
  const log = (order: "fifo" | "random") => {
    const { exit, ...progress } = SimBackend.simulate(ported, { seed: 42, order })
    if (Exit.isFailure(exit)) throw new Error(String(exit))
    return { ...progress, ...exit.value }
  }

  // Node and Bun both run this file, so that a difference between them fails on one.
  it("gives the run that was checked in", () => {
    expect(log("fifo")).toMatchInlineSnapshot(`
      {
        "hash": 723050854,
        "names": "cdab",
        "nanos": 2133274,
        "report": {
          "lost": 4,
          "pending": 4,
          "torn": 0,
        },
        "steps": 52,
      }
    `)
    expect(log("random")).toMatchInlineSnapshot(`
      {
        "hash": 3211687687,
        "names": "bcad",
        "nanos": 2133274,
        "report": {
          "lost": 4,
          "pending": 4,
          "torn": 0,
        },
        "steps": 52,
      }
    `)
  })
})
