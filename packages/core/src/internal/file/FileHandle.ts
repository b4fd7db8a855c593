/** A file as a handle: its cursor, and the requests that fibers make of it. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { File, LockKind } from "../../File.ts"
import type { FileStat } from "../../FileStat.ts"
import type { IoError } from "../../IoError.ts"
import type { FileOpenRequest, PortFile } from "../../port/FilePort.ts"
import { Reason } from "../../Reason.ts"
import type { Site } from "../../Site.ts"
import * as Check from "../Check.ts"
import { DescriptorHandle } from "./DescriptorHandle.ts"
import * as Arguments from "./FileArguments.ts"
import type { FileHost } from "./FileHost.ts"
import { lockFile } from "./lockFile.ts"
import type { FileRequest } from "./FileRequest.ts"
import { RequestLine } from "./RequestLine.ts"
import { Fill, lengthOf, owned, Put, Take, type Transfer } from "./Transfer.ts"

type Buffers = ReadonlyArray<Uint8Array>

/** Bytes that are copied on this thread: 25 µs of it, half of the CPU that another would cost. */
const cachedBytesMax = 262_144

export class FileHandle extends DescriptorHandle implements File {
  readonly kind = "File"
  readonly port: PortFile
  private readonly request: FileOpenRequest
  private cursorHolder: FileRequest | undefined = undefined
  private cursorLine: RequestLine | undefined = undefined

  constructor(host: FileHost, port: PortFile, request: FileOpenRequest, opened: Site) {
    super(host, request.path, opened)
    this.port = port
    this.request = request
  }

  /** Why a request cannot be taken: for what the file was not opened for, too. */
  private denial(operation: string, other: FileOpenRequest["access"]): IoError | undefined {
    return this.request.access === other && !this.isClosing
      ? this.error(operation, Reason.PermissionDenied())
      : this.refusal(operation)
  }

  // Those that move the cursor run one after another, whole.
  private transfer(request: Transfer<unknown>): FileRequest {
    if (!request.usesCursor) this.enter(request)
    else if (this.cursorHolder === undefined) {
      this.cursorHolder = request
      this.enter(request)
    } else {
      this.requests.add(request)
      this.cursorLine ??= new RequestLine(this.host.tally)
      this.cursorLine.push(request)
    }
    return request
  }

  override leave(request: FileRequest): void {
    if (request === this.cursorHolder) {
      this.cursorHolder = this.cursorLine?.shift()
      this.cursorHolder?.lane.enter(this.cursorHolder)
    }
    super.leave(request)
  }

  /** Whether to look into memory: little is asked, and the host would be asked at once. */
  private looksIntoCache(position: number | undefined, bytes: number): boolean {
    if (this.port.readCached === undefined || bytes > cachedBytesMax) return false
    if (position !== undefined) return this.host.short.hasRoom
    return this.cursorHolder === undefined && this.host.long.hasRoom
  }

  /** What memory has, without a request. */
  private readCached(buffer: Uint8Array, position: number | undefined): number | undefined {
    const bytes = this.port.readCached!(buffer, position)
    // Less may be all that the file has there, or that memory has: at a position the host can tell.
    if (bytes === undefined || (bytes % buffer.length !== 0 && position !== undefined)) return
    this.bytesRead += bytes
    return bytes
  }

  private take(
    operation: string,
    position: number | undefined,
    bytesMax: number
  ): Effect.Effect<Uint8Array, IoError> {
    return Effect.callback((resume) => {
      const refusal = this.denial(operation, "write")
      if (refusal !== undefined) return resume(Effect.fail(refusal))
      let memory: Uint8Array | undefined
      if (this.looksIntoCache(position, bytesMax)) {
        memory = this.table.ports.allocate(bytesMax)
        const bytes = this.readCached(memory, position)
        if (bytes !== undefined) return resume(Effect.succeed(owned(memory, bytes)))
      }
      const request = new Take(this, operation, position, bytesMax, memory, resume)
      return this.transfer(request)
    })
  }

  readonly read = (bytesMax: number): Effect.Effect<Uint8Array, IoError> => {
    const operation = "File.read"
    const refusal = Arguments.checkBytesMax(operation, bytesMax)
    return refusal ?? this.take(operation, undefined, bytesMax)
  }

  /** One read, at a position or at the cursor, under another name. */
  readOnce(
    operation: string,
    position: number | undefined,
    bytesMax: number
  ): Effect.Effect<Uint8Array, IoError> {
    return this.take(operation, position, bytesMax)
  }

  readonly readAt = (position: number, bytesMax: number): Effect.Effect<Uint8Array, IoError> => {
    const operation = "File.readAt"
    const refusal =
      Arguments.checkBytesMax(operation, bytesMax) ??
      Arguments.checkPosition(operation, position, bytesMax)
    return refusal ?? this.take(operation, position, bytesMax)
  }

  readonly readIntoAt = (position: number, ...buffers: Buffers): Effect.Effect<number, IoError> => {
    const operation = "File.readIntoAt"
    return Effect.callback((resume) => {
      const bytes = lengthOf(buffers)
      const bad = Arguments.checkPosition(operation, position, bytes)
      if (bad !== undefined) return resume(bad)
      const refusal = this.denial(operation, "write")
      if (refusal !== undefined) return resume(Effect.fail(refusal))
      if (bytes === 0) return resume(Effect.succeed(0))
      if (buffers.length === 1 && this.looksIntoCache(position, bytes)) {
        const cached = this.readCached(buffers[0]!, position)
        if (cached !== undefined) return resume(Effect.succeed(cached))
      }
      const request = new Fill(this, operation, position, buffers, bytes, resume)
      return this.transfer(request)
    })
  }

  private put(
    operation: string,
    position: number | undefined,
    chunks: Buffers
  ): Effect.Effect<void, IoError> {
    return Effect.callback((resume) => {
      const bytes = lengthOf(chunks)
      const bad = Arguments.checkPosition(operation, position ?? 0, bytes)
      if (bad !== undefined) return resume(bad)
      const refusal = this.denial(operation, "read")
      if (refusal !== undefined) return resume(Effect.fail(refusal))
      if (bytes === 0) return resume(Effect.void)
      // Appending, a position would be a lie: some systems heed it, Linux does not.
      const where = this.request.append ? undefined : position
      const request = new Put(this, operation, where, chunks, bytes, resume)
      return this.transfer(request)
    })
  }

  readonly write = (...chunks: Buffers): Effect.Effect<void, IoError> =>
    this.put("File.write", undefined, chunks)

  readonly writeAt = (position: number, ...chunks: Buffers): Effect.Effect<void, IoError> =>
    this.put("File.writeAt", position, chunks)

  get sync(): Effect.Effect<void, IoError> {
    return this.call("File.sync", (done) => this.port.sync(false, done), this.host.long)
  }

  get syncData(): Effect.Effect<void, IoError> {
    return this.call("File.syncData", (done) => this.port.sync(true, done), this.host.long)
  }

  readonly truncate = (bytes: number): Effect.Effect<void, IoError> => {
    const operation = "File.truncate"
    const bad = Arguments.checkOffset(operation, "bytes", bytes)
    if (bad !== undefined) return bad
    return Effect.suspend(() => {
      const refusal = this.denial(operation, "read")
      return refusal === undefined
        ? this.call(operation, (done) => this.port.truncate(bytes, done))
        : Effect.fail(refusal)
    })
  }

  readonly allocate = (position: number, bytes: number): Effect.Effect<void, IoError> => {
    const operation = "File.allocate"
    const bad =
      Check.integer(operation, "bytes", bytes, 1, Number.MAX_SAFE_INTEGER, "bytes") ??
      Arguments.checkPosition(operation, position, bytes)
    if (bad !== undefined) return bad
    return Effect.suspend(() => {
      const { capabilities, name } = this.table.ports
      const { port } = this
      if (!capabilities.fileAllocate || port.allocate === undefined) {
        return Check.unsupported(operation, "fileAllocate", name)
      }
      const refusal = this.denial(operation, "read")
      return refusal === undefined
        ? this.call<void>(
            operation,
            (done) => port.allocate!(position, bytes, done),
            this.host.long
          )
        : Effect.fail(refusal)
    })
  }

  get stat(): Effect.Effect<FileStat, IoError> {
    return this.call("File.stat", (done) => this.port.stat(done))
  }

  readonly setTimes = (
    accessedNanos: bigint,
    modifiedNanos: bigint
  ): Effect.Effect<void, IoError> => {
    const operation = "File.setTimes"
    return (
      Arguments.checkNanos(operation, "accessedNanos", accessedNanos) ??
      Arguments.checkNanos(operation, "modifiedNanos", modifiedNanos) ??
      this.call(operation, (done) => this.port.setTimes(accessedNanos, modifiedNanos, done))
    )
  }

  readonly lock = (kind: LockKind): Effect.Effect<void, IoError, Scope.Scope> =>
    lockFile(this, kind)

  protected override bytesQueued(): number {
    let bytes = 0
    for (const request of this.requests) if (request instanceof Put) bytes += request.bytesLeft
    return bytes
  }
}
