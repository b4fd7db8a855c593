/**
 * Tells the peer's close_notify from a bare FIN, which Bun 1.4.5 does not: both are `end`, and
 * nothing that its sockets have to say is different after them.
 *
 * The end that close_notify makes comes in the same callback as its record; a FIN waits as long as
 * the socket is paused. So at every record that may be close_notify, which are those of two bytes,
 * the socket is paused until that callback is over: an end that comes meanwhile is close_notify's,
 * any other is the FIN's.
 *
 * A peer may pad its records (RFC 8446 §5.4; OpenSSL does if told so). It is found out when a
 * record gives fewer bytes than it can carry, and from then on every record may be close_notify.
 * Until then its close_notify passes for none: the error is on the side of caution.
 */
import type { TurnPort } from "@portico/core/port/index"
import { BunRecords } from "./BunRecords.ts"
import { letGo } from "../tcp/BunStream.ts"
import type { Ciphertext, SecureSocket } from "./BunUpgrade.ts"

export interface EndWatch extends Ciphertext {
  /** Whether an end that comes now is one. */
  readonly isEndExpected: boolean
  /** Whether any end is. */
  readonly takesAnyEnd: boolean
  /** Paused until its `onPassed`. */
  readonly isPausing: boolean
  start(secure: SecureSocket): void
  /** So many bytes were in the records, of a stream of TLS 1.3. */
  delivered(bytes: number): void
}

export class CloseNotifyWatch implements EndWatch {
  readonly takesAnyEnd = false
  isPausing = false
  private isPadded = false
  private readonly turn: TurnPort
  private readonly records = new BunRecords()
  private secure: SecureSocket | undefined

  constructor(turn: TurnPort) {
    this.turn = turn
  }

  get isEndExpected(): boolean {
    return this.isPausing
  }

  start(secure: SecureSocket): void {
    this.secure = secure
  }

  skip(bytes: Uint8Array): void {
    this.records.push(bytes)
  }

  onData(chunk: Uint8Array): void {
    const { records, secure } = this
    records.push(chunk)
    letGo(chunk)
    const mayEnd = this.isPadded ? records.ended > 0 : records.mayBeAlert
    if (!mayEnd || this.isPausing || secure === undefined) return
    this.isPausing = true
    secure.pause()
    this.turn.later(() => {
      this.isPausing = false
      secure.data.onPassed()
    })
  }

  delivered(bytes: number): void {
    const { records } = this
    if (records.ended === 1 && bytes < records.capacity) this.isPadded = true
  }

  onDrain(): void {}
  onEnd(): void {}
  onClose(): void {}
}

const nothing = () => {}

/** Where a FIN is an end like any other. */
export const anyEnd: EndWatch = {
  isEndExpected: true,
  takesAnyEnd: true,
  isPausing: false,
  start: nothing,
  delivered: nothing,
  skip: nothing,
  onData: letGo,
  onDrain: nothing,
  onEnd: nothing,
  onClose: nothing
}
