/** Turns as the suites of sockets play them, in small: real processes, sockets and limits. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { connectionsCase } from "../src/Connections.ts"
import type { Metric } from "../src/Metric.ts"
import { profile } from "../src/profile/ProfileSuite.ts"
import type { Report } from "../src/Report.ts"
import { run } from "../src/Runner.ts"
import type { Case } from "../src/Suite.ts"
import { descriptorsCase } from "../src/tcp-echo/Descriptors.ts"
import { tcpEcho } from "../src/tcp-echo/TcpEcho.ts"

const timeout = 90_000

const onNode = tcpEcho.contestants.filter(({ name }) => name === "portico-node")

const play = (one: Case): Promise<Report> =>
  run({ ...tcpEcho, cases: [one], contestants: onNode }, { rounds: 1, seconds: 0.05 }).pipe(
    Effect.provideService(Console.Console, { ...globalThis.console, error: () => {} }),
    Effect.provide(NodeServices.layer),
    Effect.runPromise
  )

const of = ({ results }: Report, metric: Metric): number | undefined =>
  results.find((it) => it.metric === metric)?.median

describe.concurrent("the suites of sockets", { timeout }, () => {
  it("weigh and time connections, silent and busy", async () => {
    const report = await play(connectionsCase("few", 30))
    for (const metric of ["time_to_finish", "cpu_time", "cpu_per_op", "ops_per_second"] as const) {
      expect([metric, of(report, metric)! > 0]).toStrictEqual([metric, true])
    }
    expect(of(report, "bytes_per_connection")).toBeTypeOf("number")
    expect(of(report, "bytes_per_active_connection")).toBeTypeOf("number")
  })

  it("take a server's descriptors, and see it serve again", async () => {
    const report = await play(descriptorsCase("descriptors"))
    expect(of(report, "clients_served")).toBeGreaterThan(0)
    expect(of(report, "clients_served")).toBeLessThan(256)
    expect(of(report, "time_to_resume")).toBeGreaterThan(0)
  })

  it("divide a message's cost by its owners", async () => {
    const report = await play(profile.cases[0]!)
    const parts = ["portico", "effect", "program", "host", "collector", "rest"] as const
    const sum = parts.reduce((all, owner) => all + of(report, `profile_${owner}`)!, 0)
    expect(sum / of(report, "cpu_per_op")!).toBeCloseTo(1, 3)
  })
})
