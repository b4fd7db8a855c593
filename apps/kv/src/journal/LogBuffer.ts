/** Requests on their way into the log, as the payload of its next record. */
import type { LogSink } from "../Engine.ts"
import type { Bytes } from "../resp/Ascii.ts"
import { type Argument, request } from "../resp/RequestWriter.ts"
import * as Record from "./Record.ts"

const firstBytes = 4 * 1024
/** What is kept for the next record. */
const keptBytes = 256 * 1024

export class LogBuffer implements LogSink {
  /**
   * Bytes of payload since the beginning: a request's place in the log, whatever record it is in.
   */
  appended = 0
  private bytes: Bytes = new Uint8Array(firstBytes)
  private end = Record.headerBytes
  // Taken before and written by now: its memory is used again.
  private spare: Bytes | undefined

  /** Bytes that were not taken. */
  get waiting(): number {
    return this.end - Record.headerBytes
  }

  append(source: Bytes, start: number, end: number): void {
    const count = end - start
    if (this.end + count > this.bytes.length) this.grow(this.end + count)
    const { bytes } = this
    if (count <= 64) {
      for (let from = start, at = this.end; from < end; from++, at++) bytes[at] = source[from]!
    } else bytes.set(source.subarray(start, end), this.end)
    this.end += count
    this.appended += count
  }

  appendCommand(...args: ReadonlyArray<Argument>): void {
    const bytes = request(...args)
    this.append(bytes, 0, bytes.length)
  }

  /** All that waits, as one record for that place; there is some. Valid until `written`. */
  take(place: Record.Place): Bytes {
    const record = this.bytes.subarray(0, this.end)
    this.bytes = this.spare ?? new Uint8Array(firstBytes)
    this.spare = undefined
    this.end = Record.headerBytes
    Record.seal(record, place)
    return record
  }

  /** The record that was taken is on its way no more. */
  written(record: Bytes): void {
    if (record.buffer.byteLength <= keptBytes) this.spare = new Uint8Array(record.buffer)
  }

  /** Puts what waits in `other` in the place of what waits here. */
  replaceBy(other: LogBuffer): void {
    this.bytes = other.bytes
    this.end = other.end
    this.spare = undefined
  }

  private grow(needed: number): void {
    const wider = new Uint8Array(Math.max(needed, 2 * this.bytes.length))
    wider.set(this.bytes.subarray(0, this.end))
    this.bytes = wider
  }
}
