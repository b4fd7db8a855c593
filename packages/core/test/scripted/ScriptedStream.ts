/** A stream whose host is the test: it holds what it is given and takes what there is room for. */
import {
  End,
  type PortAddress,
  type PortFailure,
  type ReadOutcome,
  type StreamEvents,
  type StreamPort,
  type TurnPort,
  WouldBlock
} from "../../src/port/index.ts"

export const loopback = (port: number): PortAddress => ({ _tag: "Inet", host: "127.0.0.1", port })

export class ScriptedStream implements StreamPort {
  readonly localAddress = loopback(1)
  readonly peerAddress = loopback(2)
  /** What core asked for, in order. */
  readonly calls: Array<string> = []
  /** Every byte that was taken, as it was at that moment. */
  readonly written: Array<number> = []
  /** The memory of taken bytes that the host still reads. */
  readonly borrowed: Array<Uint8Array> = []
  /** Bytes that can be taken until there is more room. */
  room = Number.POSITIVE_INFINITY
  /** At most so many a call. */
  writeMax = Number.POSITIVE_INFINITY
  /** Every taken write is lent until `released`. */
  isLending = false
  /** A port whose count comes late. */
  isCountLate = false
  lent = false
  private readonly turn: TurnPort
  private held: Uint8Array | undefined
  private readingOver: typeof End | PortFailure | undefined
  private writingOver: PortFailure | undefined
  private events: StreamEvents | undefined
  private isClosing = false

  constructor(turn: TurnPort) {
    this.turn = turn
  }

  attach(events: StreamEvents): void {
    this.events = events
  }

  get readable(): boolean {
    return this.held !== undefined || this.readingOver !== undefined
  }

  get bytesUnread(): number {
    return this.isCountLate || this.held === undefined ? 0 : this.held.length
  }

  tryRead(bytesMax: number, keep: boolean): ReadOutcome {
    const held = this.held
    if (held === undefined) return this.readingOver ?? WouldBlock
    this.held = held.length > bytesMax ? held.subarray(bytesMax) : undefined
    return keep ? held.slice(0, bytesMax) : held.subarray(0, bytesMax)
  }

  tryWrite(bytes: Uint8Array): number | PortFailure {
    if (this.isClosing) this.calls.push("write after close")
    if (this.lent) this.calls.push("write while lent")
    if (this.writingOver !== undefined) return this.writingOver
    const count = Math.min(bytes.length, this.room, this.writeMax)
    this.room = count < bytes.length ? 0 : this.room - count
    for (const byte of bytes.subarray(0, count)) this.written.push(byte)
    if (this.isLending && count > 0) {
      this.lent = true
      this.borrowed.push(bytes.subarray(0, count))
    }
    this.calls.push(`write ${count}`)
    return count
  }

  get writable(): boolean {
    return !this.lent && this.room > 0 && this.writingOver === undefined
  }

  shutdown(): void | PortFailure {
    this.calls.push("shutdown")
    return this.writingOver
  }

  close(): void {
    this.end("close")
  }

  reset(): void {
    this.end("reset")
  }

  private end(how: string): void {
    if (this.isClosing) return
    this.isClosing = true
    this.calls.push(how)
    this.turn.later(() => this.raise((events) => events.onClosed()))
  }

  setNoDelay(): void {}
  setKeepAlive(): void {}
  setRef(): void {}

  /** Bytes arrive, behind what is held. */
  give(bytes: Uint8Array): void {
    const before = this.held ?? new Uint8Array(0)
    this.held = new Uint8Array(before.length + bytes.length)
    this.held.set(before)
    this.held.set(bytes, before.length)
    this.raiseUnlessClosing((events) => events.onReadable())
  }

  giveEnd(): void {
    this.readingOver = End
    this.raiseUnlessClosing((events) => events.onReadable())
  }

  failReading(failure: PortFailure): void {
    this.readingOver = failure
    this.raiseUnlessClosing((events) => events.onReadable())
  }

  /** From now on writing fails; the host tells, or is asked first. */
  failWriting(failure: PortFailure, isTold: boolean): void {
    this.writingOver = failure
    if (isTold) this.raiseUnlessClosing((events) => events.onWritable())
  }

  /** The host has room for so many bytes more, and is done with memory it was lent. */
  makeRoom(bytes: number): void {
    this.room += bytes
    this.lent = false
    this.raiseUnlessClosing((events) => events.onWritable())
  }

  private raiseUnlessClosing(raise: (events: StreamEvents) => void): void {
    if (!this.isClosing) this.raise(raise)
  }

  private raise(raise: (events: StreamEvents) => void): void {
    if (this.events === undefined) return
    this.turn.enter()
    raise(this.events)
    this.turn.leave()
  }
}
