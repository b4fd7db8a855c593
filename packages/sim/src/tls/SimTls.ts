/**
 * The simulator's `TlsPort`. Real TLS draws on entropy, and its signatures differ in length from
 * one run to the next; so what is here behaves as TLS 1.3 in everything that a program can see, and
 * keeps nothing secret: see `Cipher.ts`, `Messages.ts` and `x509/Chain.ts` for what stands for
 * what.
 *
 * Both sides have TLS 1.3, so that is what they speak, whatever `minVersion` allows beside it.
 */
import type {
  Attempt,
  PortFailure,
  TlsContext,
  TlsContextRequest,
  TlsPort,
  TlsWrapEvents,
  TlsWrapRequest
} from "@portico/core/port/index"
import type { LoopClock } from "@portico/core/LoopClock"
import type { SimPorts } from "../port/SimPorts.ts"
import type { X509Certificate } from "../x509/X509Certificate.ts"
import type { World } from "./Conversation.ts"
import { SimHandshake } from "./SimHandshake.ts"
import * as SimTlsContext from "./SimTlsContext.ts"

export class SimTls implements TlsPort {
  private readonly ports: SimPorts
  private readonly systemTrust: ReadonlyArray<X509Certificate>
  private readonly world: World

  constructor(ports: SimPorts, clock: LoopClock, systemTrust: ReadonlyArray<X509Certificate>) {
    this.ports = ports
    this.systemTrust = systemTrust
    const { tls } = ports.world.choices
    this.world = {
      nowMillis: () => clock.currentTimeMillisUnsafe(),
      random: (bytes) => Uint8Array.from({ length: bytes }, () => tls.next() >>> 24)
    }
  }

  makeContext(request: TlsContextRequest): TlsContext | PortFailure {
    const { systemTrust, world } = this
    return SimTlsContext.make(request, { systemTrust, ticketKey: world.random(32) })
  }

  wrap(request: TlsWrapRequest, events: TlsWrapEvents): Attempt {
    return new SimHandshake(this.ports, this.world, request, events)
  }
}
