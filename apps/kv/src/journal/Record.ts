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
 */
import { type Bytes, bytesOf } from "../resp/Ascii.ts"
import * as Crc32c from "./Crc32c.ts"

export const headerBytes = 16

/** What a log begins with. */
export const magic = bytesOf("PORTKV1\n")

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

/** Fills in the header of a record whose payload stands behind it already. */
export const seal = (record: Bytes, position: number, durable: number): void => {
  const payloadBytes = record.length - headerBytes
  const view = new DataView(record.buffer, record.byteOffset, headerBytes)
  view.setUint32(0, payloadBytes, true)
  view.setUint32(4, sumOf({ payloadBytes, durable }, position, record, headerBytes), true)
  setU64(view, 8, durable)
}

/** The header at `start`; `headerBytes` of them are there. */
export const headerAt = (bytes: Bytes, start: number): Header => {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, headerBytes)
  return {
    payloadBytes: view.getUint32(0, true),
    sum: view.getUint32(4, true),
    durable: view.getUint32(8, true) + view.getUint32(12, true) * 2 ** 32
  }
}

/** Whether it can be the header of a record at `position` in a file of `fileBytes`. */
export const isPlausible = (header: Header, position: number, fileBytes: number): boolean =>
  header.payloadBytes > 0 &&
  header.payloadBytes <= payloadBytesMax &&
  position + headerBytes + header.payloadBytes <= fileBytes &&
  header.durable <= position

/** Whether the payload at `start` of `bytes` is the one of `header`, written at `position`. */
export const isWhole = (header: Header, position: number, bytes: Bytes, start: number): boolean =>
  sumOf(header, position, bytes, start) === header.sum
