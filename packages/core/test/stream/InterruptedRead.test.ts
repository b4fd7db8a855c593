/** However a read is cut short, every byte is handed over or still to be read, and in order. */
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import { StreamHandle } from "../../src/internal/stream/StreamHandle.ts"
import type { IoError } from "../../src/IoError.ts"
import type { TcpStream } from "../../src/TcpStream.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"
import { never, Stepped, steps, stepsMax } from "../scripted/StepScheduler.ts"

const message = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)

type Take = (bytes: Uint8Array) => void
type Form = (stream: TcpStream, take: Take) => Effect.Effect<unknown, IoError>

const bytesOf = (bytes: Option.Option<Uint8Array>): Uint8Array =>
  bytes._tag === "Some" ? bytes.value : new Uint8Array(0)

const into: Form = (stream, take) => {
  const target = new Uint8Array(5)
  return Effect.map(stream.readInto(target), (count) => take(target.subarray(0, count)))
}

const forms: { readonly [name: string]: Form } = {
  read: (stream, take) => Effect.map(stream.read, take),
  readBorrowed: (stream, take) => Effect.map(stream.readBorrowed, take),
  "readUpTo 3": (stream, take) => Effect.map(stream.readUpTo(3), take),
  "readInto 5": into,
  "readExactly 7": (stream, take) => Effect.map(stream.readExactly(7), take),
  "readUntil 6": (stream, take) => Effect.map(stream.readUntil(Uint8Array.of(5, 6)), take),
  "awaitReadable, tryRead": (stream, take) =>
    Effect.andThen(
      stream.awaitReadable,
      Effect.map(stream.tryRead, (bytes) => take(bytesOf(bytes)))
    )
}

interface Moments {
  readonly first: number
  readonly second: number
  readonly interrupt: number
}

/** Bytes arrive in two pieces and the reader is interrupted, each before the step of its number. */
const run = (form: Form, moments: Moments) => {
  const scripted = new ScriptedPorts()
  const port = scripted.stream()
  const settings = { kind: "TcpStream", site: undefined, closeGrace: 0 } as const
  const stream = new StreamHandle(scripted.table, port, settings)
  const taken: Array<number> = []
  const take = (bytes: Uint8Array) => void taken.push(...bytes)
  const reading = new Stepped(scripted.host, form(stream, take))
  for (let step = 0; step <= stepsMax; step++) {
    if (step === moments.first) port.give(message.slice(0, 3))
    if (step === moments.second) port.give(message.slice(3))
    if (step === moments.interrupt) reading.interrupt()
    reading.step()
  }
  reading.settle()
  const byReader = taken.length
  while (taken.length < message.length) take(Effect.runSync(stream.read))
  return { byReader, isOver: reading.fiber.pollUnsafe() !== undefined, stream, taken }
}

const everyMoment = (form: Form, check: (outcome: ReturnType<typeof run>) => void): void => {
  const arrivals = steps.slice(0, stepsMax / 2)
  for (const first of arrivals) {
    for (const second of arrivals.slice(first)) {
      for (const interrupt of [never, ...steps]) {
        check(run(form, { first, second, interrupt }))
      }
    }
  }
}

describe.each(Object.entries(forms))("%s", (_, form) => {
  it("loses no byte and swaps none, whenever it is interrupted", () => {
    const counts = new Set<number>()
    everyMoment(form, ({ byReader, isOver, stream, taken }) => {
      if (!isOver || stream.waits.length > 0) throw new Error("the reader still waits")
      if (taken.join() !== message.join())
        throw new Error(`not the bytes that came: ${taken.join()}`)
      counts.add(byReader)
    })
    // The moments were well chosen: some readers were too late, and some were not.
    expect(counts).toContain(0)
    expect(counts.size).toBeGreaterThan(1)
  })
})
