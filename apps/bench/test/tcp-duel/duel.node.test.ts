/** A duel in small, of real servers. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { run } from "../../src/Runner.ts"
import { tcpDuel } from "../../src/tcp-duel/TcpDuel.ts"

describe("the suite tcp-duel", () => {
  it("lets each take turns with its rival", { timeout: 120_000 }, async () => {
    const cases = tcpDuel.cases.filter((it) => it.name === "ping-pong")
    const contestants = tcpDuel.contestants.filter((it) => it.name.startsWith("portico"))
    const report = await run({ ...tcpDuel, cases, contestants }, { rounds: 1, seconds: 0.2 }).pipe(
      Effect.provideService(Console.Console, { ...globalThis.console, error: () => {} }),
      Effect.provide(NodeServices.layer),
      Effect.runPromise
    )
    expect(report.notes).toStrictEqual([])
    expect(report.results.map((it) => [it.contestant, it.metric])).toStrictEqual(
      contestants.flatMap(({ name }) => [
        [name, "cpu_per_op"],
        [name, "cpu_to_rival"]
      ])
    )
    for (const { median } of report.results) expect(median).toBeGreaterThan(0)
  })
})
