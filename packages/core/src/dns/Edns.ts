/** EDNS(0), RFC 6891: what an OPT record says about its sender and the message. */
import * as RecordCode from "./RecordCode.ts"
import type { WireReader } from "./WireReader.ts"
import type { WireWriter } from "./WireWriter.ts"

export interface Edns {
  /** The longest UDP message that the sender takes, in bytes; less than 512 means 512. */
  readonly udpBytesMax: number
  /** 0: there is no other yet. */
  readonly version: number
  /** The DO bit: DNSSEC records are welcome (RFC 3225). */
  readonly dnssecOk: boolean
  readonly options: ReadonlyArray<EdnsOption>
}

export interface EdnsOption {
  readonly code: number
  readonly bytes: Uint8Array
}

const dnssecOkBit = 0x8000

/** What stands behind the owner and type of an OPT record; with the response code's high bits. */
export const read = (reader: WireReader): { edns: Edns; codeHigh: number } => {
  const udpBytesMax = reader.u16()
  const codeHigh = reader.u8()
  const version = reader.u8()
  const flags = reader.u16()
  const options = reader.within(reader.u16(), () => {
    const found: Array<EdnsOption> = []
    while (reader.left > 0) found.push({ code: reader.u16(), bytes: reader.take(reader.u16()) })
    return found
  })
  return {
    edns: { udpBytesMax, version, dnssecOk: (flags & dnssecOkBit) !== 0, options },
    codeHigh
  }
}

/** The whole record, from its owner on. */
export const write = (writer: WireWriter, edns: Edns, codeHigh: number): void => {
  writer.u8(0)
  writer.u16(RecordCode.opt)
  writer.u16(edns.udpBytesMax)
  writer.u8(codeHigh)
  writer.u8(edns.version)
  writer.u16(edns.dnssecOk ? dnssecOkBit : 0)
  writer.withLength(() => {
    for (const { bytes, code } of edns.options) {
      writer.u16(code)
      writer.withLength(() => writer.put(bytes))
    }
  })
}

/** What `write` takes. */
export const bytesOf = (edns: Edns): number =>
  edns.options.reduce((sum, option) => sum + 4 + option.bytes.length, 11)
