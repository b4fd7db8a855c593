/** The disk of a host that crashes: what the next process of the host finds. */
import { Files } from "@portico/core"
import { SimWorld } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"
import { bytesOf, textOf } from "../disk/TestDisk.ts"

const run = <A, E>(scenario: SimWorld.Scenario<A, E>, seed = 1): A => {
  const { exit } = SimWorld.simulate(scenario, { seed })
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(String(exit))
}

const addHost = Effect.flatMap(SimWorld.World, (world) => world.host("a"))
const read = (path: string) => Effect.map(Files.readFile(path, { bytesMax: 1e6 }), textOf)
const written = (path: string, text: string, syncs: boolean) =>
  Effect.scoped(
    Effect.gen(function* () {
      const file = yield* Files.open(path, { access: "write", create: "ifMissing" })
      yield* file.write(bytesOf(text))
      if (syncs) yield* Effect.andThen(file.sync, Files.syncDirectory("/tmp"))
    })
  )

describe("a host's disk", () => {
  it("keeps what was synced through a loss of power, and may lose the rest", () => {
    const scenario = Effect.gen(function* () {
      const host = yield* addHost
      yield* host.run(written("/tmp/kept", "kept", true))
      yield* host.run(written("/tmp/lost", "lost", false))
      yield* host.crash({ disk: "all" })
      return yield* host.run(Effect.all([read("/tmp/kept"), Effect.exit(read("/tmp/lost"))]))
    })
    const [kept, lost] = run(scenario)
    expect([kept, Exit.isFailure(lost)]).toEqual(["kept", true])
  })

  it("gives files the times of the host's own clock", () => {
    const scenario = Effect.gen(function* () {
      const host = yield* addHost
      yield* host.clock.step(-3_600_000)
      yield* host.clock.drift(50_000)
      yield* Effect.sleep("10 minutes")
      const written = Effect.gen(function* () {
        const before = yield* Clock.currentTimeNanos
        yield* Files.writeFile("/tmp/a", bytesOf("data"))
        const { modifiedNanos } = yield* Files.stat("/tmp/a")
        return [before, modifiedNanos, yield* Clock.currentTimeNanos] as const
      })
      return yield* host.run(written)
    })
    const [before, modified, after] = run(scenario)
    expect(before < modified && modified < after).toBe(true)
  })

  it("keeps everything when only the process is killed, whose descriptors are given back", () => {
    const scenario = Effect.gen(function* () {
      const host = yield* addHost
      yield* host.run(written("/tmp/a", "data", false))
      const before = yield* host.disk.usage
      const holding = Effect.gen(function* () {
        const file = yield* Files.temporaryFile()
        yield* file.write(bytesOf("x".repeat(10_000)))
        yield* Files.remove(file.path)
        return yield* Effect.never
      })
      yield* Effect.forkScoped(host.run(Effect.scoped(holding)))
      yield* Effect.sleep("1 second")
      expect((yield* host.disk.usage).inodes).toBe(before.inodes + 1)
      yield* host.crash({ kind: "kill" })
      const after = yield* host.disk.usage
      expect([after.inodes, after.bytes]).toEqual([before.inodes, before.bytes])
      expect(yield* host.run(read("/tmp/a"))).toBe("data")
    })
    run(Effect.scoped(scenario))
  })
})

describe("a lock", () => {
  it("ends with the process that holds it, however that ends", () => {
    const scenario = Effect.gen(function* () {
      const host = yield* addHost
      yield* host.run(written("/tmp/a", "data", true))
      const lock = Effect.flatMap(Files.open("/tmp/a"), (file) => file.lock("exclusive"))
      yield* host.crash({ kind: "kill" })
      for (const crash of [{ kind: "kill" }, { kind: "power", disk: "all" }] as const) {
        yield* host.start(() => Effect.andThen(lock, Effect.never).pipe(Effect.scoped))
        yield* Effect.sleep("1 second")
        expect(Exit.isFailure(yield* Effect.exit(host.run(Effect.scoped(lock))))).toBe(true)
        yield* host.crash(crash)
        yield* host.run(Effect.scoped(lock))
        yield* host.crash({ kind: "kill" })
      }
    })
    run(scenario)
  })
})

/** Appends numbers to a log, and says of each that it is kept; as many as there is time for. */
const append = (acknowledged: Array<number>, syncs: boolean) =>
  Effect.scoped(
    Effect.gen(function* () {
      const options = { access: "write", append: true, create: "ifMissing" } as const
      const file = yield* Files.open("/tmp/log", options)
      yield* Files.syncDirectory("/tmp")
      for (let number = 0; ; number++) {
        yield* file.write(bytesOf(`${number}\n`))
        if (syncs) yield* file.syncData
        acknowledged.push(number)
      }
    })
  )

/** How many acknowledged numbers are gone after a crash at a moment that the seed decides. */
const lost = (syncs: boolean, seed: number): number =>
  run(
    Effect.gen(function* () {
      const host = yield* addHost
      const acknowledged: Array<number> = []
      yield* host.start(() => append(acknowledged, syncs))
      yield* Effect.sleep(`${500 + ((seed * 37) % 997)} micros`)
      yield* host.crash()
      const left = (yield* host.run(read("/tmp/log"))).split("\n")
      return acknowledged.filter((number) => !left.includes(`${number}`)).length
    }),
    seed
  )

describe("a log that is appended to while its host crashes", () => {
  const seeds = Array.from({ length: 25 }, (_, seed) => seed)

  it("has all that was acknowledged after a sync", () => {
    expect(seeds.filter((seed) => lost(true, seed) > 0)).toEqual([])
  })

  it("lacks some of it without syncs, in most worlds", () => {
    expect(seeds.filter((seed) => lost(false, seed) > 0).length).toBeGreaterThan(12)
  })
})
