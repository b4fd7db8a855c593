/** The app in the simulator: its files on a simulated disk, its threads models in virtual time. */
import { createHash } from "node:crypto"
import { BlockingPool, Files } from "@portico/core"
import { Sim, SimBackend } from "@portico/sim"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import type * as Terminal from "effect/Terminal"
import * as TestConsole from "effect/testing/TestConsole"
import { describe, expect, it } from "vitest"
import { terminal } from "../../kit/test/terminal.ts"
import * as Hashing from "../src/Hashing.ts"
import * as Program from "../src/Program.ts"

const hexOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")
const bytesPerSecond = 1_000_000

/** What was written to standard output and to a terminal that is standard error. */
class Written {
  output = ""
  drawn = ""
}

const surroundings = (written: Written, isTerminal: boolean) =>
  Layer.mergeAll(
    TestConsole.layer,
    Stdio.layerTest({
      stderrIsTerminal: Effect.succeed(isTerminal),
      stdout: () => Sink.forEach((text) => Effect.sync(() => void (written.output += text))),
      stderr: () => Sink.forEach((text) => Effect.sync(() => void (written.drawn += text)))
    }),
    terminal
  )

/** A model of a thread that hashes: it takes the time that the bytes take. */
const model = Effect.gen(function* () {
  const files = yield* Files.Files
  const sim = yield* Sim.Sim
  yield* sim.setTask(Hashing.sha256, (thread, path, cell) =>
    Effect.gen(function* () {
      const bytes = yield* files.readFile(path, { bytesMax: 1_000_000 })
      const counter = new BigInt64Array(cell)
      for (let read = 0; read < bytes.length; read += 10_000) {
        if (thread.isCancelled()) return { problem: "cancelled" }
        const count = Math.min(10_000, bytes.length - read)
        yield* Effect.sleep((count / bytesPerSecond) * 1_000)
        Atomics.add(counter, 0, BigInt(count))
      }
      return { hex: hexOf(bytes) }
    }).pipe(Effect.catch((error) => Effect.succeed({ problem: error.message })))
  )
})

const contents: Readonly<Record<string, Uint8Array>> = {
  "/tmp/tree/b": new Uint8Array(20_000).fill(1),
  "/tmp/tree/a/z": new Uint8Array(70_000).fill(2),
  "/tmp/tree/a/empty": new Uint8Array(0),
  "/tmp/tree/c": new Uint8Array(50_000).fill(3)
}
const expected = ["/tmp/tree/a/empty", "/tmp/tree/a/z", "/tmp/tree/b", "/tmp/tree/c"]
  .map((path) => `${hexOf(contents[path]!)}  ${path}\n`)
  .join("")

const plant = Effect.gen(function* () {
  yield* Files.createDirectory("/tmp/tree/a", { recursive: true })
  for (const [path, bytes] of Object.entries(contents)) yield* Files.writeFile(path, bytes)
  yield* Files.symlink("/tmp/tree", "/tmp/tree/a/loop")
})

type Body<E> = (
  written: Written
) => Effect.Effect<
  void,
  E,
  SimBackend.Services | Stdio.Stdio | Terminal.Terminal | Layer.Success<typeof TestConsole.layer>
>

const inWorlds = <E>(body: Body<E>, isTerminal = false) => {
  for (let seed = 1; seed <= 20; seed++) {
    const written = new Written()
    const program = Effect.andThen(Effect.andThen(plant, model), body(written))
    const exit = SimBackend.runSync(Effect.provide(program, surroundings(written, isTerminal)), {
      seed,
      order: "random"
    })
    expect(exit, `seed ${seed}`).toStrictEqual(Exit.void)
  }
}

describe("digest", () => {
  it("writes the sums of a tree in its order, whatever the order in which threads end", () =>
    inWorlds(
      Effect.fnUntraced(function* (written) {
        yield* Program.run({ paths: ["/tmp/tree"], threads: 3 })
        expect(written.output).toBe(expected)
        expect(written.drawn).toBe("")
      })
    ))

  it("uses as many threads as it is told to", () =>
    inWorlds(
      Effect.fnUntraced(function* () {
        const millis = Effect.fnUntraced(function* (threads: number) {
          const before = yield* Clock.currentTimeMillis
          yield* Program.run({ paths: ["/tmp/tree"], threads })
          return (yield* Clock.currentTimeMillis) - before
        })
        // 140,000 bytes at 1 byte a microsecond; the longest file has half of them.
        const [one, two] = [yield* millis(1), yield* millis(2)]
        expect(one).toBeGreaterThanOrEqual(140)
        // What reading and starting threads takes comes on top.
        expect(one).toBeLessThan(200)
        expect(two).toBeGreaterThanOrEqual(70)
        expect(two).toBeLessThan(120)
      })
    ))

  it("says of each file that it cannot read why, and gives the others", () =>
    inWorlds(
      Effect.fnUntraced(function* (written) {
        const paths = ["/tmp/nowhere", "/tmp/tree/b", "/tmp/tree/c/d"]
        const exit = yield* Effect.exit(Program.run({ paths, threads: 2 }))
        expect(Exit.isFailure(exit) && Cause.pretty(exit.cause)).toContain(
          "2 of 3 could not be read"
        )
        expect(written.output).toBe(`${hexOf(contents["/tmp/tree/b"]!)}  /tmp/tree/b\n`)
        expect(yield* TestConsole.errorLines).toStrictEqual([
          "digest: /tmp/nowhere: NotFound",
          "digest: /tmp/tree/c/d: NotADirectory"
        ])
      })
    ))

  it("draws a bar on a terminal, and leaves nothing of it", () =>
    inWorlds(
      Effect.fnUntraced(function* (written) {
        yield* Program.run({ paths: ["/tmp/tree"], threads: 1 })
        expect(written.output).toBe(expected)
        expect(written.drawn).toContain("█")
        expect(written.drawn).toContain("of 137 KiB")
        expect(written.drawn.endsWith("\r\u001b[K")).toBe(true)
      }),
      true
    ))

  it("stops when it is interrupted, and leaves no thread", () =>
    inWorlds(
      Effect.fnUntraced(function* (written) {
        const before = yield* Clock.currentTimeMillis
        const run = Program.run({ paths: ["/tmp/tree"], threads: 2 })
        yield* Effect.exit(Effect.timeout(run, "30 millis"))
        expect((yield* Clock.currentTimeMillis) - before).toBeLessThan(50)
        expect(written.output).not.toContain("/tmp/tree/c")
        // A lane of another run has all that it needs.
        yield* Effect.scoped(BlockingPool.openLane({ threadsMax: 1 }))
      })
    ))
})
