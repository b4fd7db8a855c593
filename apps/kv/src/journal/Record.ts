/**
 * Records of the log: a header, and one or more requests as they are on the wire.
 *
 * | bytes | what |
 * | --- | --- |
 * | 4 | length of the payload |
 * | 4 | CRC-32C of the other fields, the record's own position in the file, and the payload |
 * | 8 | position up to which the file was known to be durable when this was written |
 *
 * All little-endian. With its position in the sum, a record that an earlier file left on the disk
 * is no record of this one. A record that says that a place was durable, which is broken now, tells
 * damage from a torn tail.
 *
 * To find such a record, each byte behind the broken place is looked at as the beginning of one.
 * What clients wrote stands there, too: so both words of that position are xor'ed with the file's
 * own mark (`LogHead.ts`), which they do not know, or they could write millions of headers that
 * each have to be summed up.
 */
import type { Bytes } from "../resp/Ascii.ts"
import * as Crc32c from "./Crc32c.ts"

export const headerBytes = 16

/** Longer than any that is written: a turn's requests, or one transaction. */
export const payloadBytesMax = 1024 * 1024 * 1024

export interface Header {
  readonly payloadBytes: number
  readonly sum: number
  readonly durable: number
}

const scratch = new DataView(new ArrayBuffer(20))
const scratchBytes = new Uint8Array(scratch.buffer)

const setU64 = (view: DataView, at: number, value: number): void => {
  view.setUint32(at, value % 2 ** 32, true)
  view.setUint32(at + 4, Math.floor(value / 2 ** 32), true)
}

const sumOf = (
  { durable, payloadBytes }: Omit<Header, "sum">,
  position: number,
  bytes: Bytes,
  start: number
): number => {
  scratch.setUint32(0, payloadBytes, true)
  setU64(scratch, 4, durable)
  setU64(scratch, 12, position)
  const sum = Crc32c.extend(Crc32c.empty, scratchBytes)
  return Crc32c.extend(sum, bytes, start, start + payloadBytes) >>> 0
}

/** Where a record goes. */
export interface Place {
  readonly position: number
  readonly durable: number
  /** Of the file. */
  readonly mark: number
}

/** Fills in the header of a record whose payload stands behind it already. */
export const seal = (record: Bytes, { durable, mark, position }: Place): void => {
  const payloadBytes = record.length - headerBytes
  const view = new DataView(record.buffer, record.byteOffset, headerBytes)
  view.setUint32(0, payloadBytes, true)
  view.setUint32(4, sumOf({ payloadBytes, durable }, position, record, headerBytes), true)
  setU64(view, 8, durable)
  view.setUint32(8, view.getUint32(8, true) ^ mark, true)
  view.setUint32(12, view.getUint32(12, true) ^ mark, true)
}

/** The header at `start`; `headerBytes` of them are there. */
export const headerAt = (bytes: Bytes, start: number, mark: number): Header => {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, headerBytes)
  return {
    payloadBytes: view.getUint32(0, true),
    sum: view.getUint32(4, true),
    durable: durableAt(view, 0, mark)
  }
}

/** What the header at `start` says was durable. */
export const durableAt = (view: DataView, start: number, mark: number): number =>
  ((view.getUint32(start + 8, true) ^ mark) >>> 0) +
  ((view.getUint32(start + 12, true) ^ mark) >>> 0) * 2 ** 32

/** Whether it can be the header of a record at `position` in a file of `fileBytes`. */
export const isPlausible = (header: Header, position: number, fileBytes: number): boolean =>
  header.payloadBytes > 0 &&
  header.payloadBytes <= payloadBytesMax &&
  position + headerBytes + header.payloadBytes <= fileBytes &&
  header.durable <= position

/** Whether the payload at `start` of `bytes` is the one of `header`, written at `position`. */
export const isWhole = (header: Header, position: number, bytes: Bytes, start: number): boolean =>
  sumOf(header, position, bytes, start) === header.sum
