/** The data of one record: as `effect/net/Dns` has it, or as the bytes it is. */
import * as Dns from "effect/net/Dns"
import * as Result from "effect/Result"
import { nameBytesMax } from "./DnsName.ts"
import * as RecordCode from "./RecordCode.ts"
import { layouts } from "./RecordLayout.ts"
import type { WireReader } from "./WireReader.ts"
import { WireWriter } from "./WireWriter.ts"

/**
 * Data kept as it is (RFC 3597): of a type or class without a layout here, or of one with a layout
 * when it says what `effect/net/Dns` has no record for, such as a target that is no host name.
 * Names in the latter are not compressed, so the bytes mean the same in any message.
 */
export interface Opaque {
  readonly _tag: "Opaque"
  readonly type: number
  readonly bytes: Uint8Array
}

export type RecordData = Dns.DnsRecord | Opaque

export const opaque = (type: number, bytes: Uint8Array): Opaque => ({ _tag: "Opaque", type, bytes })

export const typeOf = (data: RecordData): number =>
  data._tag === "Opaque" ? data.type : RecordCode.of(data._tag)

/** Of one record: its bytes, and the two names at most that a pointer of two bytes made of them. */
const uncompressedBytesMax = 65_535 + 2 * nameBytesMax

/** Reads `bytes` bytes of data of a type and class. */
export const read = (
  reader: WireReader,
  type: number,
  recordClass: number,
  bytes: number
): RecordData => {
  const known = recordClass === RecordCode.internet ? RecordCode.toType(type) : undefined
  if (known === undefined) return opaque(type, reader.take(bytes))
  const layout = layouts[known]
  const raws = reader.within(bytes, () => layout.map(([, kind]) => kind.read(reader)))
  const fields = Object.fromEntries(
    layout.map(([name, kind], index) => [name, kind.toField(raws[index])])
  )
  const record = Dns.makeRecord(known, fields as never)
  if (Result.isSuccess(record)) return record.success
  const writer = new WireWriter(uncompressedBytesMax, false)
  layout.forEach(([, kind], index) => kind.write(writer, raws[index]))
  return opaque(type, writer.finish())
}

export const write = (writer: WireWriter, data: RecordData): void => {
  if (data._tag === "Opaque") return writer.put(data.bytes)
  for (const [name, kind] of layouts[data._tag]) {
    kind.write(writer, kind.fromField((data as unknown as Record<string, unknown>)[name]))
  }
}
