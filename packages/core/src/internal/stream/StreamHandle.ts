/**
 * A stream as users hold it: one port, a reader, a writer, and the closing of all three.
 */
import * as Effect from "effect/Effect"
import type * as Duration from "effect/Duration"
import type * as Fiber from "effect/Fiber"
import type * as Option from "effect/Option"
import * as Address from "../../Address.ts"
import type { HandleCounters, Wait } from "../../Handle.ts"
import type { IoError } from "../../IoError.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import type { PortAddress } from "../../port/PortAddress.ts"
import type { StreamEvents, StreamPort } from "../../port/StreamPort.ts"
import { Reason } from "../../Reason.ts"
import type { CopyOptions, TcpStream } from "../../TcpStream.ts"
import * as Check from "../Check.ts"
import { HandleBase } from "../HandleBase.ts"
import type { HandleTable } from "../HandleTable.ts"
import { Copy } from "./Copy.ts"
import { ReadExactly, ReadUntil } from "./ReadFramed.ts"
import { AwaitReadable, ReadChunk, type ReadForm, ReadInto, TryRead } from "./ReadOperations.ts"
import { bytesMaxPerRead, Reader } from "./Reader.ts"
import type { Site } from "../../Site.ts"
import * as SocketOptions from "../SocketOptions.ts"
import { WritableWait } from "./WritableWait.ts"
import { TryWrite, WriteBytes } from "./WriteOperations.ts"
import { Writer } from "./Writer.ts"

/** What all streams of one `connect` or one listener share. */
export interface StreamSettings {
  readonly kind: TcpStream["kind"]
  readonly site: Site | undefined
  readonly closeGrace: Duration.Input
}

/** What a stream became: whoever closes the one closes the other. */
export interface Successor {
  readonly close: Effect.Effect<void>
  readonly terminate: Effect.Effect<void>
}

const keeping: ReadForm = {
  operation: "TcpStream.read",
  bytesMax: bytesMaxPerRead,
  keep: true
}
const borrowing: ReadForm = {
  operation: "TcpStream.readBorrowed",
  bytesMax: bytesMaxPerRead,
  keep: false
}

export class StreamHandle extends HandleBase implements TcpStream, StreamEvents {
  /** What broke the stream for good; reads and writes both fail with it. */
  failure: PortFailure | undefined
  protected readonly port: StreamPort
  readonly settings: StreamSettings
  /** Who serves it, where a server does. */
  handler: Fiber.Fiber<unknown, unknown> | undefined = undefined
  private readonly reader: Reader
  private readonly writer: Writer
  private writable: WritableWait | undefined
  private isPortClosed = false
  private successor: Successor | undefined
  private local: Address.Address | undefined
  private peer: Address.Address | undefined
  private borrowing: ReadChunk | undefined

  /** `peer` where it is known without asking the host. */
  constructor(table: HandleTable, port: StreamPort, settings: StreamSettings, peer?: PortAddress) {
    super(table)
    if (peer !== undefined) this.peer = Address.fromPort(peer)
    this.port = port
    this.settings = settings
    this.reader = new Reader(this, port)
    this.writer = new Writer(this, port)
    port.attach(this)
  }

  get site(): string | undefined {
    return this.settings.site?.text
  }

  get kind(): TcpStream["kind"] {
    return this.settings.kind
  }

  get read(): Effect.Effect<Uint8Array, IoError> {
    return new ReadChunk(this.reader, keeping)
  }

  get readBorrowed(): Effect.Effect<Uint8Array, IoError> {
    return (this.borrowing ??= new ReadChunk(this.reader, borrowing))
  }

  readUpTo(bytesMax: number): Effect.Effect<Uint8Array, IoError> {
    const operation = "TcpStream.readUpTo"
    return (
      Check.integer(operation, "bytesMax", bytesMax, 1, Number.MAX_SAFE_INTEGER) ??
      new ReadChunk(this.reader, {
        operation,
        bytesMax: Math.min(bytesMax, bytesMaxPerRead),
        keep: true
      })
    )
  }

  readInto(target: Uint8Array): Effect.Effect<number, IoError> {
    return (
      Check.notEmpty("TcpStream.readInto", "target", target) ?? new ReadInto(this.reader, target)
    )
  }

  readExactly(bytes: number): Effect.Effect<Uint8Array, IoError> {
    return (
      Check.integer("TcpStream.readExactly", "bytes", bytes, 1, Check.framedBytesMax) ??
      new ReadExactly(this, this.reader, bytes)
    )
  }

  readUntil(
    delimiter: Uint8Array,
    options?: { readonly bytesMax?: number | undefined }
  ): Effect.Effect<Uint8Array, IoError> {
    const operation = "TcpStream.readUntil"
    const bytesMax = options?.bytesMax ?? 64 * 1024
    return (
      Check.notEmpty(operation, "delimiter", delimiter) ??
      Check.integer(operation, "bytesMax", bytesMax, delimiter.length, Check.framedBytesMax) ??
      new ReadUntil(this, this.reader, delimiter, bytesMax)
    )
  }

  get tryRead(): Effect.Effect<Option.Option<Uint8Array>, IoError> {
    return new TryRead(this.reader, bytesMaxPerRead)
  }

  get awaitReadable(): Effect.Effect<void, IoError> {
    return new AwaitReadable(this.reader)
  }

  write(bytes: Uint8Array): Effect.Effect<void, IoError> {
    return new WriteBytes(this.writer, bytes)
  }

  writeAll(chunks: ReadonlyArray<Uint8Array>): Effect.Effect<void, IoError> {
    return this.writer.submit("write", chunks)
  }

  tryWrite(bytes: Uint8Array): Effect.Effect<number, IoError> {
    return new TryWrite(this.writer, bytes)
  }

  copyTo(target: TcpStream, options: CopyOptions = {}): Effect.Effect<number, IoError> {
    return target instanceof StreamHandle
      ? new Copy(this, this.reader, target.writer, options)
      : Effect.die(new Error("TcpStream.copyTo: not a stream of this backend"))
  }

  get flush(): Effect.Effect<void, IoError> {
    return this.writer.submit("flush", [])
  }

  get awaitWritable(): Effect.Effect<void, IoError> {
    return (this.writable ??= new WritableWait(this, this.writer))
  }

  get shutdown(): Effect.Effect<void, IoError> {
    return this.writer.submit("shutdown", [])
  }

  get reset(): Effect.Effect<void, IoError> {
    return Effect.suspend(() => {
      const { capabilities, name } = this.table.ports
      const operation = "TcpStream.reset"
      if (this.isClosing) return Effect.fail(this.error(operation, Reason.Closed()))
      if (!capabilities.resetClose) return Check.unsupported(operation, "resetClose", name)
      if (this.isUnix) {
        return Check.unsupported(operation, "resetClose of a Unix stream", name)
      }
      if (this.writer.isShutDown) {
        return Check.invalid(operation, "state", "before shutdown", this.state._tag)
      }
      return this.terminate
    })
  }

  /** Closes now, with RST where the kind of socket has it, whatever was promised or queued. */
  get terminate(): Effect.Effect<void> {
    return Effect.uninterruptible(
      Effect.suspend(() => {
        if (this.successor !== undefined) return this.successor.terminate
        return this.startClose() ? this.finish(true) : this.awaitClosed
      })
    )
  }

  get close(): Effect.Effect<void> {
    return Effect.uninterruptible(
      Effect.suspend(() => {
        if (this.successor !== undefined) return this.successor.close
        const isBroken = this.failure !== undefined || this.writer.hasFailed
        if (!this.startClose()) return this.awaitClosed
        if (isBroken || this.writer.drain()) return this.finish(false)
        const drained = Effect.timeoutOption(this.awaitDrained, this.settings.closeGrace)
        // Interrupting a close ends the grace, not the close.
        return Effect.andThen(Effect.exit(Effect.interruptible(drained)), this.finish(false))
      })
    )
  }

  /** Whether its socket is a Unix one: it has neither RST nor the options of TCP. */
  get isUnix(): boolean {
    return this.kind === "UnixStream"
  }

  /** The settings of the `connect` or the listener that it came from. */
  get origin(): StreamSettings {
    return this.settings
  }

  /** Why nothing can be made of it now, if so. */
  takeOverRefusal(operation: string): IoError | undefined {
    if (this.state._tag === "Broken") return this.error(operation, Reason.Broken())
    if (this.state._tag === "HalfClosedRemote")
      return this.error(operation, Reason.HandshakeEnded())
    if (this.state._tag !== "Open") return this.error(operation, Reason.Closed())
    const isBusy = this.waits.length > 0 || this.writer.bytesQueued > 0 || this.port.lent
    return isBusy ? this.error(operation, Reason.Busy()) : undefined
  }

  /** Gives the port away, and what was taken out of it and not read. */
  takeOver(successor: Successor): { readonly port: StreamPort; readonly unread: Uint8Array } {
    this.move("takeOver")
    this.successor = successor
    return { port: this.port, unread: this.reader.giveAway() }
  }

  /** Takes the port back, to close it. */
  giveBack(): void {
    if (this.successor === undefined) return
    this.successor = undefined
    this.port.attach(this)
  }

  /** It lives on as `successor`, which is listed in its place. */
  become(successor: Successor): void {
    this.successor = successor
    this.table.remove(this)
  }

  /** What it became is closed. */
  ended(): void {
    this.move("closed")
    this.isRef = false
  }

  // Everyone who waits is told first: closing never waits for a reader or a writer of ours.
  private startClose(): boolean {
    if (!this.beginClose()) return false
    this.reader.wake()
    this.writer.discard((request) => this.error(request.operation, Reason.Closed()))
    this.writable?.wake()
    return true
  }

  // Bytes of writes that were reported as accepted; the host asks for them through onWritable.
  private get awaitDrained(): Effect.Effect<void> {
    return Effect.callback<void>((resume) => {
      if (this.writer.drain() || this.writer.hasFailed) return resume(Effect.void)
      this.closing!.drained = () => resume(Effect.void)
      return Effect.sync(() => {
        this.closing!.drained = undefined
      })
    })
  }

  // The kernel resets a connection that is closed with unread input. The one chunk of read-ahead
  // was taken out of its sight, so core does the same for it.
  private finish(reset: boolean): Effect.Effect<void> {
    return Effect.suspend(() => {
      const isUnsent = !this.writer.drain()
      if (this.isPortClosed) this.table.reportClosed(this)
      else if (reset || isUnsent || this.port.bytesUnread > 0) this.port.reset()
      else this.port.close()
      return this.awaitClosed
    })
  }

  /** An interrupted write left half of itself on the wire: nothing sound can follow. */
  abandon(): void {
    this.fail(new PortFailure(Reason.Broken(), "a write was interrupted after its first bytes"))
    if (!this.isClosing) this.port.reset()
  }

  /** The stream is unusable from now on; whoever waits is told. */
  fail(failure: PortFailure): void {
    if (this.failure !== undefined) return
    this.failure = failure
    this.move("fault")
    this.writer.discard((request) => this.error(request.operation, Reason.Broken(), failure.cause))
    this.reader.wake()
    this.writable?.wake()
  }

  onReadable(): void {
    this.reader.wake()
  }

  onWritable(): void {
    this.writer.pump()
    this.writable?.wake()
    const drained = this.closing?.drained
    if (drained !== undefined && (this.writer.drain() || this.writer.hasFailed)) drained()
  }

  onClosed(): void {
    this.isPortClosed = true
    this.writer.release()
    if (this.isClosing) this.table.reportClosed(this)
  }

  get localAddress(): Effect.Effect<Address.Address, IoError> {
    return Effect.suspend(() => {
      this.local ??= this.known(this.port.localAddress)
      return this.local === undefined
        ? Effect.fail(this.error("TcpStream.localAddress", Reason.Closed()))
        : Effect.succeed(this.local)
    })
  }

  get peerAddress(): Effect.Effect<Address.Address, IoError> {
    return Effect.suspend(() => {
      this.peer ??= this.known(this.port.peerAddress)
      return this.peer === undefined
        ? Effect.fail(this.error("TcpStream.peerAddress", Reason.Closed()))
        : Effect.succeed(this.peer)
    })
  }

  private known(address: PortAddress | undefined): Address.Address | undefined {
    if (address !== undefined) return Address.fromPort(address)
    const isNameless = this.isUnix && !this.isClosing
    return isNameless ? Address.fromPort({ _tag: "Unix", path: "" }) : undefined
  }

  setNoDelay(enabled: boolean): Effect.Effect<void, IoError> {
    return SocketOptions.setNoDelay(this, this.port, enabled)
  }

  setKeepAlive(setting: SocketOptions.KeepAliveSetting): Effect.Effect<void, IoError> {
    return SocketOptions.setKeepAlive(this, this.port, setting)
  }

  get isReadable(): boolean {
    return this.isClosing || this.reader.available > 0 || this.port.readable
  }

  get isWritable(): boolean {
    return this.isClosing || this.writer.isWritable
  }

  get counters(): HandleCounters {
    return {
      bytesRead: this.reader.bytesRead,
      bytesWritten: this.writer.bytesWritten,
      bytesQueued: this.writer.bytesQueued,
      connectionsAccepted: 0
    }
  }

  get waits(): ReadonlyArray<Wait> {
    const reading = this.reader.wait
    const writing = this.writable?.wait
    return [
      ...(reading === undefined ? [] : [reading]),
      ...this.writer.waits,
      ...(writing === undefined ? [] : [writing])
    ]
  }

  protected get addressText(): string | undefined {
    this.peer ??= this.known(this.port.peerAddress)
    return this.peer === undefined ? undefined : Address.format(this.peer)
  }

  get label(): string {
    this.local ??= this.known(this.port.localAddress)
    const local = this.local === undefined ? "?" : Address.format(this.local)
    return `${this.kind} #${this.id} ${local} → ${this.addressText ?? "?"}`
  }

  protected setRefUnsafe(ref: boolean): void {
    this.port.setRef(ref)
  }
}
