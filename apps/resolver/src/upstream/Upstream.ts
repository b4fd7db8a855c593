/** One name server to forward to: where it is, whether it is thought to be up, and its figures. */
import { Address } from "@portico/core"
import * as NetAddress from "effect/net/NetAddress"

export class Upstream {
  readonly counters = {
    sentUdp: 0,
    sentTcp: 0,
    answered: 0,
    /** SERVFAIL, REFUSED and the like. */
    unhelpful: 0,
    timedOut: 0,
    /** Nobody listens there, or there is no way. */
    unreachable: 0,
    /** Messages that answered no question: another id, question or source, or malformed. */
    unmatched: 0
  }
  readonly address: Address.InetInput
  /** `udp://192.0.2.1:53` */
  readonly name: string
  readonly family: 4 | 6
  /** The backend connects datagram sockets. */
  readonly isConnectable: boolean
  private downUntil = -Infinity

  constructor(address: NetAddress.InetAddress, isConnectable: boolean) {
    this.address = Address.toInput(address)
    this.name = Address.format(address, "udp")
    this.family = NetAddress.isInetAddressV4(address) ? 4 : 6
    this.isConnectable = isConnectable
  }

  isDown(seconds: number): boolean {
    return seconds < this.downUntil
  }

  /** Somebody tries it who finds it up; if it was down before, others wait how that goes. */
  beginTrial(until: number): void {
    if (this.downUntil !== -Infinity) this.downUntil = Math.max(this.downUntil, until)
  }

  /** It was silent, or not there: others are asked first for a while. */
  setDown(until: number): void {
    this.downUntil = until
  }

  setUp(): void {
    this.downUntil = -Infinity
  }

  /** A line for people. */
  format(seconds: number): string {
    const { counters } = this
    const state = this.isDown(seconds) ? "down" : "up"
    const sent = `udp=${counters.sentUdp} tcp=${counters.sentTcp}`
    return (
      `upstream ${this.name} ${state} ${sent} answered=${counters.answered}` +
      ` unhelpful=${counters.unhelpful} timed-out=${counters.timedOut}` +
      ` unreachable=${counters.unreachable} unmatched=${counters.unmatched}`
    )
  }
}
