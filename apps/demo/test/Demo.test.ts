import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as TestConsole from "effect/testing/TestConsole"
import { describe, expect, it } from "vitest"
import * as Demo from "../src/Demo.ts"
import { NotAnEcho } from "../src/EchoClient.ts"
import type { Outcome } from "../src/Measurement.ts"

const good: Outcome = {
  connections: 64,
  messages: 16_000,
  bytesVerified: 250 * 1024 * 1024,
  seconds: 2,
  latencyMillis: { p50: 1.234, p99: 123.456 },
  handlesLeft: { client: 0, server: 0 }
}

const digest = "0123456789abcdef".repeat(4)

const trial = (run: Effect.Effect<Outcome, unknown>) => ({
  app: "echo",
  world: "node",
  isVirtual: false,
  run
})

/** Runs the demo; gives how it ended and what it printed. */
const demo = (runs: ReadonlyArray<Effect.Effect<Outcome, unknown>>, isColoured = false) =>
  Effect.runSync(
    Effect.gen(function* () {
      const terminal = { columnsMax: 100, isColoured }
      const exit = yield* Effect.exit(Demo.run(runs.map(trial), [], terminal))
      return { exit, text: (yield* TestConsole.logLines).join("\n") }
    }).pipe(Effect.provide(TestConsole.layer))
  )

describe("the demo", () => {
  it("prints a table and succeeds when every trial is good", () => {
    const { exit, text } = demo([Effect.succeed(good)])
    expect(exit).toStrictEqual(Exit.void)
    expect(text.split("\n").slice(0, 2)).toStrictEqual([
      "app   world  connections  messages   verified  throughput      p50        p99  handles left",
      "echo  node            64    16,000  250.0 MiB   125 MiB/s  1.23 ms  123.46 ms             0"
    ])
  })

  it("fails, and says why, when a trial fails", () => {
    const { exit, text } = demo([
      Effect.succeed(good),
      Effect.fail(new NotAnEcho({ connection: 3, sent: digest, received: "" }))
    ])
    expect(exit).toStrictEqual(Exit.fail(new Demo.DemoFailed({ failures: 1 })))
    expect(text).toContain("echo  node   FAILED: NotAnEcho: Connection 3: sent SHA-256 0123")
    expect(text).toContain("1 of 2 failed.")
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100)
  })

  it("fails when a trial dies", () => {
    const { exit } = demo([Effect.die("a bug")])
    expect(exit).toStrictEqual(Exit.fail(new Demo.DemoFailed({ failures: 1 })))
  })

  it.for([
    { client: 1, server: 0 },
    { client: 0, server: 1 }
  ])("fails when handles are left open: %o", (handlesLeft) => {
    const { exit } = demo([Effect.succeed({ ...good, handlesLeft })])
    expect(exit).toStrictEqual(Exit.fail(new Demo.DemoFailed({ failures: 1 })))
  })

  it("has colour only when asked", () => {
    expect(demo([Effect.succeed(good)]).text).not.toContain("\u001B")
    expect(demo([Effect.succeed(good)], true).text).toContain("\u001B[1mapp")
  })
})
