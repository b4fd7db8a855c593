/**
 * Bytes between a file and memory, in parts: hosts read and write less than they are asked, and no
 * part is larger than what an interruption should wait for.
 */
import * as Effect from "effect/Effect"
import type { FileDone } from "../../port/FilePort.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import type { FileHandle } from "./FileHandle.ts"
import { FileRequest, type Resume } from "./FileRequest.ts"

/** What is asked of the host at once: bytes, and buffers (IOV_MAX is 1,024 on Linux). */
export const partBytesMax = 16 * 1024 * 1024
export const partBuffersMax = 1_024

type Buffers = ReadonlyArray<Uint8Array>

/** What is left of the buffers after `bytesDone` of them, as much as one part may have. */
export const partOf = (buffers: Buffers, bytesDone: number): Buffers => {
  const part: Array<Uint8Array> = []
  let skip = bytesDone
  let room = partBytesMax
  for (const buffer of buffers) {
    if (skip >= buffer.length) {
      skip -= buffer.length
      continue
    }
    const view = buffer.subarray(skip, skip + room)
    part.push(view)
    room -= view.length
    skip = 0
    if (room === 0 || part.length === partBuffersMax) break
  }
  return part
}

export const lengthOf = (buffers: Buffers): number => {
  if (buffers.length === 1) return buffers[0]!.length
  let bytes = 0
  for (const buffer of buffers) bytes += buffer.length
  return bytes
}

/** What was read into memory of its own. A view of little in much would keep all of it. */
export const owned = (memory: Uint8Array, bytes: number): Uint8Array => {
  if (bytes === memory.length) return memory
  const view = memory.subarray(0, bytes)
  return bytes * 2 >= memory.length ? view : Uint8Array.from(view)
}

export abstract class Transfer<A> extends FileRequest {
  protected readonly file: FileHandle
  /** From where on, or undefined for the file's cursor. */
  protected readonly position: number | undefined
  protected bytesDone = 0
  private readonly done: FileDone<number>

  constructor(
    file: FileHandle,
    operation: string,
    position: number | undefined,
    resume: Resume<A>
  ) {
    // What has no position may be a pipe or a terminal.
    super(position === undefined ? file.host.long : file.host.short, operation, resume)
    this.file = file
    this.position = position
    this.done = (result) => this.onDone(result)
  }

  /** Asks for the next part, at `position`. */
  protected abstract ask(position: number | undefined, done: FileDone<number>): void

  /** Whether another part is needed after this one, which had `bytes`. */
  protected abstract isDone(bytes: number): boolean

  protected abstract result(): A

  /** Bytes that are still to be written. */
  get bytesLeft(): number {
    return 0
  }

  begin(): void {
    this.hasBegun = true
    const { position } = this
    this.ask(position === undefined ? undefined : position + this.bytesDone, this.done)
  }

  private onDone(result: number | PortFailure): void {
    const { file, lane } = this
    if (result instanceof PortFailure) {
      lane.leave(this)
      file.leave(this)
      return this.end(Effect.fail(file.failed(this.operation, result)))
    }
    this.bytesDone += result
    this.count(result)
    if (!this.isAbandoned && !this.isDone(result)) return lane.enterAgain(this)
    lane.leave(this)
    file.leave(this)
    this.end(Effect.succeed(this.result()))
  }

  protected abstract count(bytes: number): void

  protected override onLeft(): void {
    this.file.leave(this)
  }

  /** Whether it moves the cursor. */
  get usesCursor(): boolean {
    return this.position === undefined
  }
}

/** Fills the caller's buffers. */
export class Fill extends Transfer<number> {
  private readonly buffers: Buffers
  private readonly bytesMax: number

  constructor(
    file: FileHandle,
    operation: string,
    position: number | undefined,
    buffers: Buffers,
    bytesMax: number,
    resume: Resume<number>
  ) {
    super(file, operation, position, resume)
    this.buffers = buffers
    this.bytesMax = bytesMax
  }

  protected override get isLent(): boolean {
    return true
  }

  protected ask(position: number | undefined, done: FileDone<number>): void {
    const { buffers, bytesDone, bytesMax, file } = this
    const isWhole = bytesDone === 0 && bytesMax <= partBytesMax && buffers.length <= partBuffersMax
    file.port.read(isWhole ? buffers : partOf(buffers, bytesDone), position, done)
  }

  protected isDone(bytes: number): boolean {
    return bytes === 0 || this.bytesDone === this.bytesMax
  }

  protected count(bytes: number): void {
    this.file.bytesRead += bytes
  }

  protected result(): number {
    return this.bytesDone
  }
}

/** Reads once, into memory of its own: whoever is interrupted need not wait for it. */
export class Take extends Transfer<Uint8Array> {
  private readonly bytesMax: number
  private memory: Uint8Array | undefined

  /** `memory`, of `bytesMax` bytes, where it is there already. */
  constructor(
    file: FileHandle,
    operation: string,
    position: number | undefined,
    bytesMax: number,
    memory: Uint8Array | undefined,
    resume: Resume<Uint8Array>
  ) {
    super(file, operation, position, resume)
    this.bytesMax = bytesMax
    this.memory = memory
  }

  // Only now: those that wait hold no memory.
  protected ask(position: number | undefined, done: FileDone<number>): void {
    this.memory ??= this.file.table.ports.allocate(Math.min(this.bytesMax, partBytesMax))
    this.file.port.read([this.memory], position, done)
  }

  protected isDone(): boolean {
    return true
  }

  protected count(bytes: number): void {
    this.file.bytesRead += bytes
  }

  protected result(): Uint8Array {
    return owned(this.memory!, this.bytesDone)
  }
}

/** Writes all of the caller's chunks. */
export class Put extends Transfer<void> {
  private readonly chunks: Buffers
  private readonly bytesMax: number

  constructor(
    file: FileHandle,
    operation: string,
    position: number | undefined,
    chunks: Buffers,
    bytesMax: number,
    resume: Resume<void>
  ) {
    super(file, operation, position, resume)
    this.chunks = chunks
    this.bytesMax = bytesMax
  }

  protected override get isLent(): boolean {
    return true
  }

  override get bytesLeft(): number {
    return this.bytesMax - this.bytesDone
  }

  protected ask(position: number | undefined, done: FileDone<number>): void {
    const { bytesDone, bytesMax, chunks, file } = this
    const isWhole = bytesDone === 0 && bytesMax <= partBytesMax && chunks.length <= partBuffersMax
    file.port.write(isWhole ? chunks : partOf(chunks, bytesDone), position, done)
  }

  protected isDone(): boolean {
    return this.bytesDone === this.bytesMax
  }

  protected count(bytes: number): void {
    this.file.bytesWritten += bytes
  }

  protected result(): void {}
}
