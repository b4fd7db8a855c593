/** A TLS port whose handshakes are the test: it answers them, or sees them given up. */
import type { StreamEvents, StreamPort, TurnPort } from "../../src/port/index.ts"
import type {
  TlsPort,
  TlsStreamPort,
  TlsWrapEvents,
  TlsWrapRequest
} from "../../src/port/TlsPort.ts"
import { ScriptedStream } from "./ScriptedStream.ts"

export class ScriptedSecure extends ScriptedStream implements TlsStreamPort, StreamEvents {
  readonly protocol = "TLSv1.3"
  readonly applicationProtocol = undefined
  readonly serverName = undefined
  readonly isResumed = false
  readonly peerCertificate = undefined
  readonly session = undefined
  private readonly transport: StreamPort
  private told: StreamEvents | undefined

  constructor(turn: TurnPort, transport: StreamPort) {
    super(turn)
    this.transport = transport
    transport.attach(this)
  }

  override attach(events: StreamEvents): void {
    this.told = events
    super.attach(events)
  }

  override close(): void {
    this.calls.push("close")
    this.transport.close()
  }

  override reset(): void {
    this.calls.push("reset")
    this.transport.reset()
  }

  onReadable(): void {}
  onWritable(): void {}
  onClosed(): void {
    this.told?.onClosed()
  }
}

export class ScriptedHandshake {
  isAnswered = false
  isCancelled = false
  readonly request: TlsWrapRequest
  private readonly turn: TurnPort
  private readonly events: TlsWrapEvents

  constructor(turn: TurnPort, request: TlsWrapRequest, events: TlsWrapEvents) {
    this.turn = turn
    this.request = request
    this.events = events
  }

  answer(raise: (events: TlsWrapEvents) => void): void {
    this.isAnswered = true
    this.turn.enter()
    raise(this.events)
    this.turn.leave()
  }
}

export class ScriptedTls implements TlsPort {
  readonly handshakes: Array<ScriptedHandshake> = []
  private readonly turn: TurnPort

  constructor(turn: TurnPort) {
    this.turn = turn
  }

  makeContext(): object {
    return {}
  }

  wrap(request: TlsWrapRequest, events: TlsWrapEvents) {
    const handshake = new ScriptedHandshake(this.turn, request, events)
    this.handshakes.push(handshake)
    return { cancel: () => void (handshake.isCancelled ||= !handshake.isAnswered) }
  }
}
