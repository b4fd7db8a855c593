/**
 * Carries bytes both ways between a transport of any kind and one end of a socket pair, at whose
 * other end Bun speaks TLS as it does on its own sockets. It holds one chunk each way.
 */
import {
  End,
  PortFailure,
  raiseLater,
  type StreamEvents,
  type StreamPort,
  type TurnPort,
  WouldBlock
} from "@portico/core/port/index"
import type { BunStream } from "../tcp/BunStream.ts"

const bytesMaxPerRead = 64 * 1024

export class BunBridge {
  readonly transport: StreamPort
  /** What the transport failed with. */
  failure: PortFailure | undefined
  private readonly end: BunStream
  private readonly outward: Flow
  private readonly inward: Flow
  private isAbandoned = false
  /** Called once all that was encrypted has left, or nothing more will. */
  private whenSent: (() => void) | undefined
  private whenClosed: (() => void) | undefined
  /** Called once the pair has room for anything. */
  private readonly emptied: Array<() => void> = []
  /** How often the end was read. */
  private reads = 0
  private readonly turn: TurnPort

  constructor(turn: TurnPort, transport: StreamPort, end: BunStream) {
    this.turn = turn
    this.transport = transport
    this.end = end
    this.outward = new Flow(end, transport)
    this.inward = new Flow(transport, end)
  }

  start(): void {
    const { turn } = this
    const transportEvents: StreamEvents = {
      onReadable: () => this.pumpInward(),
      onWritable: () => this.pumpOutward(),
      onClosed: () => this.whenClosed?.()
    }
    const endEvents: StreamEvents = {
      onReadable: () => this.pumpOutward(),
      onWritable: () => this.pumpInward(),
      onClosed: () => {}
    }
    this.transport.attach(transportEvents)
    this.end.attach(endEvents)
    // What the transport holds already raises nothing, and nothing may be raised from here.
    raiseLater(turn, () => this.pumpInward())
  }

  /**
   * Calls `then` when all that was written at the other end of the pair was read from it: Bun
   * writes close_notify once, and drops it when the pair is full. In the order of the calls.
   */
  whenEmptied(then: () => void): void {
    this.emptied.push(then)
    if (this.emptied.length === 1) this.awaitEmpty()
  }

  // The end is read whenever there is something, so what was not read in a whole turn of the loop
  // is not there.
  private awaitEmpty(): void {
    const { reads, turn } = this
    turn.later(() =>
      turn.later(() => {
        const isBlocked = this.outward.isBlocked && this.failure === undefined
        if (isBlocked && !this.isAbandoned) return
        if (reads !== this.reads) return this.awaitEmpty()
        for (const then of this.emptied.splice(0)) then()
      })
    )
  }

  /** Calls `done` when the end's last bytes, and its FIN, are the transport's. */
  finish(done: () => void): void {
    if (this.outward.isOver || this.failure !== undefined) done()
    else this.whenSent = done
  }

  /** Hears nothing any more, and leaves the transport as it is. */
  abandon(): void {
    this.isAbandoned = true
    this.whenSent = undefined
    this.end.close()
  }

  /** Closes the transport once all has left, `lingerMillis` from now at the latest. */
  close(lingerMillis: number, done: () => void): void {
    this.whenClosed = done
    const linger = setTimeout(() => {
      this.transport.reset()
      this.abandon()
    }, lingerMillis)
    this.finish(() => {
      clearTimeout(linger)
      this.transport.close()
      this.end.close()
    })
  }

  reset(done: () => void): void {
    this.whenClosed = done
    this.transport.reset()
    this.abandon()
  }

  private pumpInward(): void {
    if (this.isAbandoned) return
    this.inward.pump()
    this.look()
  }

  private pumpOutward(): void {
    if (this.isAbandoned) return
    const wasBlocked = this.outward.isBlocked
    this.reads++
    this.outward.pump()
    if (wasBlocked && this.emptied.length > 0) this.awaitEmpty()
    this.look()
  }

  private look(): void {
    const failure = this.inward.readFailure ?? this.outward.writeFailure
    // The other end of the pair sees an end, and asks here what it is.
    if (failure !== undefined && this.failure === undefined) {
      this.failure = failure
      this.end.close()
    }
    if (this.failure === undefined && !this.outward.isOver) return
    const { whenSent } = this
    this.whenSent = undefined
    whenSent?.()
  }
}

/** One direction. */
class Flow {
  isOver = false
  readFailure: PortFailure | undefined
  writeFailure: PortFailure | undefined
  private readonly from: StreamPort
  private readonly to: StreamPort
  /** Borrowed from `from`, so nothing is read before all of it is written. */
  private rest: Uint8Array | undefined

  constructor(from: StreamPort, to: StreamPort) {
    this.from = from
    this.to = to
  }

  /** What was read has still to be written. */
  get isBlocked(): boolean {
    return !this.isOver && (this.rest !== undefined || this.to.lent)
  }

  pump(): void {
    while (!this.isOver && this.writeRest()) {
      const outcome = this.from.tryRead(bytesMaxPerRead, false)
      if (outcome === WouldBlock) return
      if (outcome === End) this.shutDown()
      else if (outcome instanceof PortFailure) {
        this.readFailure = outcome
        this.stop()
      } else this.rest = outcome
    }
  }

  /** Whether nothing is left to be written, and nothing lent. */
  private writeRest(): boolean {
    const { rest, to } = this
    if (to.lent) return false
    if (rest === undefined) return true
    const taken = to.tryWrite(rest)
    if (taken instanceof PortFailure) {
      this.writeFailure = taken
      this.stop()
      return false
    }
    this.rest = taken < rest.length ? rest.subarray(taken) : undefined
    return this.rest === undefined && !to.lent
  }

  private shutDown(): void {
    this.isOver = true
    const failure = this.to.shutdown()
    if (failure instanceof PortFailure) this.writeFailure = failure
  }

  private stop(): void {
    this.isOver = true
    this.rest = undefined
  }
}
