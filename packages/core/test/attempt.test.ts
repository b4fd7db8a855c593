import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { attempt } from "../src/internal/attempt.ts"
import { PortFailure, type StreamPort } from "../src/port/index.ts"
import { Reason } from "../src/Reason.ts"
import { ScriptedPorts } from "./scripted/ScriptedPorts.ts"
import { Stepped, steps } from "./scripted/StepScheduler.ts"
import { loopback } from "./scripted/ScriptedStream.ts"

const address = loopback(80)

/** One attempt; what becomes of its port is noted. */
const setUp = () => {
  const scripted = new ScriptedPorts()
  const seen: Array<string> = []
  const opening = attempt(scripted.table, {
    operation: "Tcp.connect",
    address,
    start: (onConnected: (port: StreamPort) => void, onFailed) =>
      scripted.ports.tcp.connect(
        { address, local: undefined, noDelay: true },
        { onConnected, onFailed }
      ),
    adopt: () => {
      seen.push("adopted")
    },
    discard: () => Effect.sync(() => void seen.push("discarded"))
  })
  const taking = Effect.map(opening, () => void seen.push("taken"))
  return { scripted, seen, taking }
}

const open = (scripted: ScriptedPorts) =>
  scripted.connects[0]?.answer((events) => events.onConnected(scripted.stream()))

describe("interrupted between any two steps", () => {
  it("what was opened is taken or discarded, once, and what was not is cancelled", () => {
    const ends = new Set<string>()
    for (const answer of steps) {
      for (const interrupt of steps) {
        const { scripted, seen, taking } = setUp()
        const running = new Stepped(scripted.host, taking)
        for (const step of steps) {
          if (step >= answer) open(scripted)
          if (step === interrupt) running.interrupt()
          running.step()
        }
        running.settle()
        expect(scripted.table.attempts.size).toBe(0)
        const isCancelled = scripted.connects[0]?.isCancelled
        ends.add([...seen, ...(isCancelled === true ? ["cancelled"] : [])].join())
      }
    }
    // Interrupted before it began, while it was under way, between having and taking, too late.
    expect(ends).toEqual(new Set(["", "cancelled", "adopted,discarded", "adopted,taken"]))
  })
})

it("a failure is told with the operation, the address and the host's words", () => {
  const { scripted, taking } = setUp()
  const fiber = Effect.runFork(Effect.flip(taking))
  const failure = new PortFailure(Reason.ConnectionRefused(), "words")
  scripted.connects[0]!.answer((events) => events.onFailed(failure))
  expect(fiber.pollUnsafe()).toMatchObject({
    value: {
      operation: "Tcp.connect",
      reason: { _tag: "ConnectionRefused" },
      address: "tcp://127.0.0.1:80",
      cause: "words"
    }
  })
})
