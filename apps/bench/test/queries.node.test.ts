/** The built-in generator of DNS queries, against the name server behind the resolvers. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import * as Host from "../src/Host.ts"
import type { FlowOptions, FlowOutcome } from "../src/load/FlowOutcome.ts"
import { isInstalled } from "../src/Found.ts"
import * as Subprocess from "../src/Subprocess.ts"

const program = (file: string) => fileURLToPath(new URL(`../src/resolver/${file}`, import.meta.url))

it("the generator counts answers, and times them", { timeout: 90_000 }, async () => {
  const outcome: FlowOutcome = await Effect.gen(function* () {
    const upstream: Host.Command = [...Host.command("node"), program("upstream.ts")]
    const server = yield* Subprocess.start("The server", upstream)
    const options: FlowOptions = {
      port: Number(yield* server.hear("ready", "10 seconds")),
      clients: 2,
      shape: { messageBytes: 0, inFlight: 0 },
      warmSeconds: 0.05,
      seconds: 0.1
    }
    const generator: Host.Command = [
      ...Host.command("bun"),
      program("queries.ts"),
      JSON.stringify(options)
    ]
    const load = yield* Subprocess.start("The load", generator)
    yield* load.hear("ready", "10 seconds")
    yield* load.say("go")
    return JSON.parse(yield* load.hear("done", "10 seconds"))
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer), Effect.runPromise)
  expect(outcome.messages).toBeGreaterThan(0)
  expect(outcome.p99Millis).toBeGreaterThanOrEqual(outcome.p50Millis)
  expect(outcome.p50Millis).toBeGreaterThan(0)
})

it("knows what is installed, and what is not", () => {
  expect(isInstalled("sh")).toBe(true)
  expect(isInstalled("no-such-program")).toBe(false)
})
