/**
 * Tells the peer's close_notify from a bare FIN, which Bun 1.4.5 does not: both are `end`, and
 * nothing that its sockets have to say is different after them.
 *
 * The end that close_notify makes comes in the same callback as its record; a FIN waits as long as
 * the socket is paused. So at every record that may be close_notify, which are those of two bytes,
 * the socket is paused until that callback is over: an end that comes meanwhile is close_notify's,
 * any other is the FIN's. A peer that pads its close_notify (RFC 8446 §5.4), which none is known
 * to do, passes for one that sent none.
 */
import type { TurnPort } from "@portico/core/port/index"
import { BunRecords } from "./BunRecords.ts"
import { letGo } from "./BunStream.ts"
import type { Ciphertext, SecureSocket } from "./BunUpgrade.ts"

export interface EndWatch extends Ciphertext {
  /** Whether an end that comes now is one. */
  readonly isEndExpected: boolean
  /** Paused until its `onPassed`. */
  readonly isPausing: boolean
  start(secure: SecureSocket): void
}

export class CloseNotifyWatch implements EndWatch {
  isPausing = false
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
    const { secure } = this
    const mayBeAlert = this.records.push(chunk)
    letGo(chunk)
    if (!mayBeAlert || this.isPausing || secure === undefined) return
    this.isPausing = true
    secure.pause()
    this.turn.later(() => {
      this.isPausing = false
      secure.data.onPassed()
    })
  }

  onDrain(): void {}
  onEnd(): void {}
  onClose(): void {}
}

const nothing = () => {}

/** Where a FIN is an end like any other. */
export const anyEnd: EndWatch = {
  isEndExpected: true,
  isPausing: false,
  start: nothing,
  skip: nothing,
  onData: letGo,
  onDrain: nothing,
  onEnd: nothing,
  onClose: nothing
}
