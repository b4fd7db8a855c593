/** However a handshake is cut short, the stream that it took over is closed, once. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { HandshakeRequest } from "../../src/internal/tls/Handshake.ts"
import { HandleTable } from "../../src/internal/HandleTable.ts"
import { scoped } from "../../src/internal/scoped.ts"
import { StreamHandle } from "../../src/internal/stream/StreamHandle.ts"
import { upgrade } from "../../src/internal/tls/upgrade.ts"
import { PortFailure } from "../../src/port/index.ts"
import { Reason } from "../../src/Reason.ts"
import { Site } from "../../src/Site.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"
import { ScriptedSecure, ScriptedTls } from "../scripted/ScriptedTls.ts"
import { Stepped, StepScheduler, stepsMax } from "../scripted/StepScheduler.ts"

const settings = { kind: "TcpStream", site: undefined, closeGrace: 0 } as const
const refused = new PortFailure(Reason.NotTls())
const request: HandshakeRequest = {
  side: { _tag: "Client", context: {}, serverName: undefined, session: undefined },
  alpn: [],
  closeNotify: "strict"
}
const moments = Array.from({ length: stepsMax * 2 }, (_, index) => index)
const answers = moments.filter((step) => step < stepsMax && step % 2 === 0)

type Way = "secure" | "refused by the port" | "refused by core" | "closed by another fiber"

const run = (way: Way, answer: number, interrupt: number) => {
  const scripted = new ScriptedPorts()
  const tls = new ScriptedTls(scripted.host.turn)
  const table = new HandleTable({ ...scripted.ports, tls })
  const transport = scripted.stream()
  let stream: StreamHandle | undefined
  const connected = Effect.acquireRelease(
    Effect.sync(() => (stream = new StreamHandle(table, transport, settings))),
    (opened) => opened.close
  )
  const upgraded = (opened: StreamHandle) =>
    scoped(
      (restore) =>
        restore(
          upgrade(table, {
            operation: "Tls.client",
            stream: opened,
            request,
            timeout: "1 minute",
            closeGrace: 0,
            site: new Site(),
            refuse: () => (way === "refused by core" ? Reason.CertificateExpired() : undefined)
          })
        ),
      (secure) => secure.close
    )
  const program = Effect.scoped(
    Effect.flatMap(connected, (opened) =>
      Effect.andThen(Effect.ignore(upgraded(opened)), Effect.never)
    )
  )
  const running = new Stepped(scripted.host, program, new StepScheduler())
  for (const step of moments) {
    const [asked] = tls.handshakes
    const isOpen = asked !== undefined && !asked.isAnswered && !asked.isCancelled
    if (step >= answer && isOpen) {
      if (way === "closed by another fiber") Effect.runFork(stream!.close)
      else if (way === "refused by the port") asked.answer((events) => events.onFailed(refused))
      else
        asked.answer((events) =>
          events.onSecure(new ScriptedSecure(scripted.host.turn, asked.request.transport))
        )
    }
    if (step === interrupt) running.interrupt()
    running.step()
  }
  running.interrupt()
  running.settle()
  return { asked: tls.handshakes[0], stream, table, transport }
}

describe("a handshake", () => {
  it.each<Way>(["secure", "refused by the port", "refused by core", "closed by another fiber"])(
    "that is %s leaves nothing behind between any two steps",
    (way) => {
      let answered = 0
      for (const answer of answers) {
        for (const interrupt of moments) {
          const { asked, stream, table, transport } = run(way, answer, interrupt)
          const closes = transport.calls.filter((call) => call === "close" || call === "reset")
          const left = [
            ...table.list().map(({ label }) => label),
            ...[...table.attempts].map(() => "an attempt"),
            ...(closes.length === (stream === undefined ? 0 : 1)
              ? []
              : [`${closes.length} closes`]),
            ...(stream === undefined || stream.state._tag === "Closed" ? [] : [stream.state._tag]),
            ...(asked === undefined || asked.isAnswered || asked.isCancelled ? [] : ["a handshake"])
          ]
          if (left.length > 0) {
            throw new Error(`answered at ${answer}, interrupted at ${interrupt}: ${left.join()}`)
          }
          if (asked?.isAnswered === true || asked?.isCancelled === true) answered++
        }
      }
      expect(answered).toBeGreaterThan(stepsMax)
    }
  )
})
