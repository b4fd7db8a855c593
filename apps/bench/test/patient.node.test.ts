/** The load generator with an end to its patience, against a server that falls silent. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import { once } from "node:events"
import { type AddressInfo, createServer } from "node:net"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import * as Host from "../src/Host.ts"
import type { PatientOptions, PatientOutcome } from "../src/load/PatientOutcome.ts"
import * as Subprocess from "../src/Subprocess.ts"

const generator = fileURLToPath(new URL("../src/load/patient.ts", import.meta.url))

const patienceSeconds = 1

/** Runs it against an echo server that `isSilent` may silence; `go` is called before it is told. */
const outcomeOf = async (isSilent: () => boolean, go: () => void): Promise<PatientOutcome> => {
  const server = createServer((socket) => {
    socket.on("data", (chunk) => void (isSilent() || socket.write(chunk)))
    socket.on("error", () => {})
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  const options: PatientOptions = {
    port,
    messageBytes: 64,
    warmSeconds: 0.01,
    seconds: 0.05,
    patienceSeconds
  }
  const answer = Effect.gen(function* () {
    const command: Host.Command = [...Host.command("bun"), generator, JSON.stringify(options)]
    const load = yield* Subprocess.start("The load", command)
    yield* load.hear("ready", "10 seconds")
    go()
    yield* load.say("go")
    return yield* load.hear("done", "10 seconds")
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer), Effect.runPromise)
  try {
    return JSON.parse(await answer)
  } finally {
    server.close()
  }
}

it("a patient load times what comes back", { timeout: 90_000 }, async () => {
  const outcome = await outcomeOf(
    () => false,
    () => {}
  )
  expect(outcome.isUnanswered).toBe(false)
  expect(outcome.p50Millis).toBeGreaterThan(0)
})

it("a patient load gives up, and says how long it waited", { timeout: 90_000 }, async () => {
  let isSilent = false
  const outcome = await outcomeOf(
    () => isSilent,
    () => (isSilent = true)
  )
  const bound = { atLeast: patienceSeconds * 1_000 }
  expect(outcome).toMatchObject({ isUnanswered: true, p50Millis: bound, p99Millis: bound })
})
