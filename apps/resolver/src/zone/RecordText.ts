/**
 * The data of records as zone files write it, and as the wire has it: the types of
 * `effect/net/Dns`, and any other as RFC 3597 writes it (`TYPE65 \# 3 abcdef`).
 */
import { RecordCode } from "@portico/core"
import { WireWriter } from "@portico/core/dns/WireWriter"
import * as Dns from "effect/net/Dns"
import type { Bytes } from "../wire/Octets.ts"
import { ZoneProblem } from "./ZoneError.ts"
import type { Word } from "./ZoneLexer.ts"
import * as ZoneText from "./ZoneText.ts"

interface Context {
  readonly writer: WireWriter
  readonly origin: string | undefined
}

type Field = (word: Word, context: Context) => void

const u8: Field = (word, { writer }) => writer.u8(ZoneText.numberOf(word, 0xff))
const u16: Field = (word, { writer }) => writer.u16(ZoneText.numberOf(word, 0xffff))
const u32: Field = (word, { writer }) => writer.u32(ZoneText.numberOf(word, 0xffff_ffff))
const time: Field = (word, { writer }) => writer.u32(ZoneText.timeOf(word, ZoneText.ttlMax))
const name: Field = (word, { origin, writer }) => writer.name(ZoneText.nameOf(word, origin), false)
const ipv4: Field = (word, { writer }) => writer.put(ZoneText.ipv4Of(word))
const ipv6: Field = (word, { writer }) => writer.put(ZoneText.ipv6Of(word))
const hex: Field = (word, { writer }) => writer.put(ZoneText.hexOf(word))
const rest: Field = (word, { writer }) => writer.put(ZoneText.bytesOf(word))
const string: Field = (word, { writer }) => {
  const bytes = ZoneText.stringOf(word)
  writer.u8(bytes.length)
  writer.put(bytes)
}

/** The last field of these stands for one or more words. */
const repeating = new Set<Dns.RecordType>(["TXT", "TLSA"])

const fields: { readonly [T in Dns.RecordType]: ReadonlyArray<Field> } = {
  A: [ipv4],
  AAAA: [ipv6],
  CAA: [u8, string, rest],
  CNAME: [name],
  MX: [u16, name],
  NAPTR: [u16, u16, string, string, string, name],
  NS: [name],
  PTR: [name],
  SOA: [name, name, u32, time, time, time, time],
  SRV: [u16, u16, u16, name],
  TLSA: [u8, u8, u8, hex],
  TXT: [string]
}

/** The number of a type as it is written, in any case; undefined where there is none. */
export const typeOf = (text: string): number | undefined => {
  const upper = text.toUpperCase()
  if (Dns.isRecordType(upper)) return RecordCode.of(upper)
  const number = /^TYPE(\d{1,5})$/.exec(upper)?.[1]
  return number !== undefined && Number(number) <= 0xffff ? Number(number) : undefined
}

/** RFC 1035 §3.2.1. */
export const dataBytesMax = 0xffff

/** The data of a record of a type that begins at `type`, from the words behind it. */
export const dataOf = (
  type: number,
  typeWord: Word,
  words: ReadonlyArray<Word>,
  origin: string | undefined
): Bytes => {
  const known = RecordCode.toType(type)
  if (words[0]?.text === "\\#" && !words[0].isQuoted) return genericOf(words, typeWord)
  if (known === undefined) {
    throw new ZoneProblem(typeWord.line, `Data of this type is written \\#: ${typeWord.text}`)
  }
  const layout = fields[known]
  if (words.length < layout.length) {
    throw new ZoneProblem(
      typeWord.line,
      `${known} has ${layout.length} fields, not all are here: ${words.length}`
    )
  }
  const writer = new WireWriter(dataBytesMax, false)
  words.forEach((word, index) => {
    const field = layout[index] ?? (repeating.has(known) ? layout.at(-1) : undefined)
    if (field === undefined) {
      throw new ZoneProblem(word.line, `More than the fields of ${known}: ${word.text}`)
    }
    field(word, { writer, origin })
  })
  return writer.finish()
}

/** RFC 3597 §5: `\#`, the length, and hexadecimal digits in any number of words. */
const genericOf = (words: ReadonlyArray<Word>, { line }: Word): Bytes => {
  const [, length, ...digits] = words
  if (length === undefined) throw new ZoneProblem(line, "No length follows \\#")
  const expected = ZoneText.numberOf(length, dataBytesMax)
  const text = digits.map((word) => word.text).join("")
  const bytes = text === "" ? new Uint8Array() : ZoneText.hexOf({ ...length, text })
  if (bytes.length === expected) return bytes
  throw new ZoneProblem(length.line, `The length says ${expected}, the bytes are ${bytes.length}`)
}
