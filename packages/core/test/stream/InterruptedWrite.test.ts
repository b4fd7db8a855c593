/** However a write is cut short, it left as a whole, or not at all, or the stream is Broken. */
import type * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { StreamHandle } from "../../src/internal/stream/StreamHandle.ts"
import type { IoError } from "../../src/IoError.ts"
import type { TcpStream } from "../../src/TcpStream.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"
import { never, Stepped, steps, stepsMax } from "../scripted/StepScheduler.ts"

const small = new Uint8Array(100).fill(1)
const large = new Uint8Array(10_000).fill(2)
const empty = new Uint8Array(0)

interface Form {
  readonly write: (stream: TcpStream) => Effect.Effect<void, IoError>
  readonly bytes: number
}

const forms: { readonly [name: string]: Form } = {
  "a small write": { write: (stream) => stream.write(small), bytes: 100 },
  "a large write": { write: (stream) => stream.write(large), bytes: 10_000 },
  "chunks of all sizes": {
    write: (stream) => stream.writeAll([empty, small, large, small]),
    bytes: 10_200
  },
  "an empty chunk first": { write: (stream) => stream.writeAll([empty, large]), bytes: 10_000 }
}

interface Moments {
  readonly room: number
  readonly interrupt: number
  readonly isLending: boolean
}

/** The host has room for nothing, then for a part, then for all, and the writer is interrupted. */
const run = ({ write }: Form, { interrupt, isLending, room }: Moments) => {
  const scripted = new ScriptedPorts()
  const port = scripted.stream()
  port.room = 0
  port.isLending = isLending
  const settings = { kind: "TcpStream", site: undefined, closeGrace: 0 } as const
  const stream = new StreamHandle(scripted.table, port, settings)
  const writing = new Stepped(scripted.host, write(stream))
  for (let step = 0; step <= stepsMax; step++) {
    if (step === room) port.makeRoom(4000)
    if (step === interrupt) writing.interrupt()
    writing.step()
  }
  writing.settle()
  for (let more = 0; more < 8; more++) {
    port.makeRoom(1_000_000)
    writing.settle()
  }
  return { exit: writing.fiber.pollUnsafe(), port, stream }
}

const problem = (form: Form, { exit, port, stream }: ReturnType<typeof run>) => {
  if (exit === undefined) return "the writer still waits"
  if (stream.waits.length > 0) return "a request is left in the queue"
  const isBroken = stream.state._tag === "Broken"
  if (isBroken !== port.calls.includes("reset")) return "broken without a reset, or the reverse"
  if (isBroken) return exit._tag === "Failure" ? undefined : "broken after a success"
  const isWhole = port.written.length === form.bytes
  return isWhole || (exit._tag === "Failure" && port.written.length === 0)
    ? undefined
    : `${exit._tag} with ${port.written.length} of ${form.bytes} bytes`
}

describe.each(Object.entries(forms))("%s", (_, form) => {
  it.each([false, true])("is whole or the stream is Broken, memory lent: %s", (isLending) => {
    const outcomes = new Set<string>()
    for (const room of steps) {
      for (const interrupt of [never, ...steps]) {
        const outcome = run(form, { room, interrupt, isLending })
        const found = problem(form, outcome)
        if (found !== undefined) throw new Error(`room ${room}, interrupt ${interrupt}: ${found}`)
        outcomes.add(outcome.stream.state._tag)
      }
    }
    // A small write is taken whole by our own buffer.
    expect(outcomes).toEqual(new Set(form.bytes > 100 ? ["Open", "Broken"] : ["Open"]))
  })
})

it.each(["a large write", "an empty chunk first"])(
  "%s, interrupted before its first byte was taken, leaves the stream whole",
  (name) => {
    for (const interrupt of steps) {
      const { port, stream } = run(forms[name]!, { room: never, interrupt, isLending: false })
      expect([interrupt, stream.state._tag]).toEqual([interrupt, "Open"])
      expect(port.calls).not.toContain("reset")
      // Nor does it leave later, when there is room.
      expect([interrupt, port.written.length]).toEqual([interrupt, 0])
    }
  }
)
