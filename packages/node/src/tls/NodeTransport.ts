/**
 * A `StreamPort` as a `Duplex`, for `node:tls` to run over what is no socket of Node's own, such as
 * another TLS stream.
 */
import { Duplex } from "node:stream"
import {
  End,
  PortFailure,
  type StreamEvents,
  type StreamPort,
  WouldBlock
} from "@portico/core/port/index"

const bytesMaxPerRead = 64 * 1024

export class NodeTransport extends Duplex implements StreamEvents {
  private readonly port: StreamPort
  private isWanted = false
  private rest: Uint8Array | undefined
  private written: ((error?: Error) => void) | undefined
  private readonly told: () => void

  /** `onClosed` is told when the port's descriptor is free. */
  constructor(port: StreamPort, unread: Uint8Array, onClosed: () => void) {
    super({ allowHalfOpen: true, highWaterMark: bytesMaxPerRead })
    this.port = port
    this.told = onClosed
    if (unread.length > 0) this.push(unread)
    port.attach(this)
  }

  override _read(): void {
    this.isWanted = true
    this.pull()
  }

  private pull(): void {
    while (this.isWanted) {
      const outcome = this.port.tryRead(bytesMaxPerRead, true)
      if (outcome === WouldBlock) return
      this.isWanted = false
      if (outcome === End) this.push(null)
      else if (outcome instanceof PortFailure) this.destroy(errorOf(outcome))
      else this.isWanted = this.push(outcome)
    }
  }

  override _write(chunk: Uint8Array, _: string, done: (error?: Error) => void): void {
    this.rest = chunk
    this.written = done
    this.offer()
  }

  private offer(): void {
    const { port, rest, written } = this
    if (written === undefined || port.lent) return
    if (rest !== undefined) {
      const count = port.tryWrite(rest)
      if (count instanceof PortFailure) return this.finishWrite(errorOf(count))
      this.rest = count < rest.length ? rest.subarray(count) : undefined
      if (this.rest !== undefined || port.lent) return
    }
    this.finishWrite()
  }

  private finishWrite(error?: Error): void {
    const { written } = this
    this.written = undefined
    this.rest = undefined
    written!(error)
  }

  override _final(done: (error?: Error) => void): void {
    const failure = this.port.shutdown()
    if (failure instanceof PortFailure) done(errorOf(failure))
    else done()
  }

  onReadable(): void {
    this.pull()
  }

  onWritable(): void {
    this.offer()
  }

  onClosed(): void {
    this.destroy()
    this.told()
  }
}

/** A failure on its way through Node's streams. */
export class TransportError extends Error {
  readonly failure: PortFailure
  constructor(failure: PortFailure) {
    super(failure.reason._tag)
    this.failure = failure
  }
}

const errorOf = (failure: PortFailure): Error => new TransportError(failure)
