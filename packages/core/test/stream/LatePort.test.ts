/** A port whose count of unread bytes comes late gives a byte where core expects none. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { expect, it } from "vitest"
import { StreamHandle } from "../../src/internal/stream/StreamHandle.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"

const message = Uint8Array.of(1, 2, 3)

const late = (): StreamHandle => {
  const scripted = new ScriptedPorts()
  const port = scripted.stream()
  port.isCountLate = true
  const settings = { kind: "TcpStream", site: undefined, closeGrace: 0 } as const
  const stream = new StreamHandle(scripted.table, port, settings)
  port.give(message)
  return stream
}

it("tryRead gives that byte", () => {
  expect(Effect.runSync(late().tryRead)).toEqual(Option.some(Uint8Array.of(1)))
})

it("awaitReadable leaves it to be read, and bytes are counted once", () => {
  const stream = late()
  Effect.runSync(stream.awaitReadable)
  Effect.runSync(stream.awaitReadable)
  expect(Effect.runSync(stream.readExactly(3))).toEqual(message)
  expect(stream.counters.bytesRead).toBe(3)
})

it("every other read puts it back and looks again", () => {
  expect(Effect.runSync(late().read)).toEqual(Uint8Array.of(1))
  expect(Effect.runSync(late().readUntil(Uint8Array.of(3)))).toEqual(message)
  expect(Effect.runSync(late().readInto(new Uint8Array(8)))).toBe(1)
})
