import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import { expect, it } from "vitest"
import { logHandlerExit } from "../../src/internal/tcp/logHandlerExit.ts"
import { StreamHandle } from "../../src/internal/stream/StreamHandle.ts"
import { IoError } from "../../src/IoError.ts"
import { Reason } from "../../src/Reason.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"

const failed = (reason: Reason) => Cause.fail(new IoError({ operation: "TcpStream.read", reason }))

const logged = async (cause: Cause.Cause<unknown>): Promise<ReadonlyArray<string>> => {
  const scripted = new ScriptedPorts()
  const settings = { kind: "TcpStream", site: undefined, closeGrace: 0 } as const
  const stream = new StreamHandle(scripted.table, scripted.stream(), settings)
  const lines: Array<string> = []
  const logger = Logger.make(({ cause: shown, logLevel, message }) => {
    lines.push(`${logLevel} ${String(message)}`)
    expect(shown).toBe(cause)
  })
  await Effect.runPromise(
    logHandlerExit(cause, stream).pipe(
      Effect.provide(Logger.layer([logger])),
      Effect.provideService(References.MinimumLogLevel, "All")
    )
  )
  return lines
}

const label = "TcpStream #1 tcp://127.0.0.1:1 → tcp://127.0.0.1:2"

it.each([
  ["a reset by the peer", failed(Reason.ConnectionReset())],
  ["a write to a peer that has gone", failed(Reason.Broken())],
  [
    "an end in the middle of a message",
    failed(Reason.UnexpectedEnd({ bytesExpected: 2, bytesAvailable: 1 }))
  ],
  ["two of them", Cause.combine(failed(Reason.Broken()), failed(Reason.ConnectionReset()))]
])("%s is everyday life: one line at debug level", async (_, cause) => {
  expect(await logged(cause)).toEqual([`Debug Connection lost: ${label}`])
})

it.each([
  ["a call that is wrong", failed(Reason.Closed())],
  ["a failure of the program's own", Cause.fail(new Error("own"))],
  ["a defect", Cause.die(new Error("bug"))],
  [
    "a defect that is an IoError",
    Cause.die(new IoError({ operation: "x", reason: Reason.Broken() }))
  ],
  ["a lost peer and a defect", Cause.combine(failed(Reason.Broken()), Cause.die(new Error("bug")))]
])("%s is an error: one line that names the stream", async (_, cause) => {
  expect(await logged(cause)).toEqual([`Error Handler failed: ${label}`])
})
