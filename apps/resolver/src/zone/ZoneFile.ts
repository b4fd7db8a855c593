/** The records of a zone file (RFC 1035 §5, RFC 2308 §4), in order. */
import { DnsFormatError } from "@portico/core/dns/DnsFormatError"
import type { Bytes } from "../wire/Octets.ts"
import * as RecordText from "./RecordText.ts"
import { ZoneProblem } from "./ZoneError.ts"
import { type Entry, entriesOf, type Word } from "./ZoneLexer.ts"
import * as ZoneText from "./ZoneText.ts"

export interface ZoneRecord {
  /** Absolute, as it is written. */
  readonly name: string
  readonly type: number
  readonly ttlSeconds: number
  readonly data: Bytes
  readonly line: number
}

/** More would be a file for another kind of server. */
const recordsMax = 1_000_000

/** What the lines before have said. */
interface State {
  origin: string | undefined
  owner: string | undefined
  /** `$TTL`. */
  defaultTtl: number | undefined
  /** Of the last record that stated one (RFC 1035 §5.1). */
  lastTtl: number | undefined
}

/** Throws a `ZoneProblem`. */
export const recordsOf = (text: string): ReadonlyArray<ZoneRecord> => {
  const records: Array<ZoneRecord> = []
  const state: State = {
    origin: undefined,
    owner: undefined,
    defaultTtl: undefined,
    lastTtl: undefined
  }
  // Files of some editors begin with a byte order mark.
  for (const entry of entriesOf(text.replace(/^\uFEFF/, ""))) {
    if (entry.words[0]!.text.startsWith("$") && !entry.isIndented) direct(entry, state)
    else records.push(recordOf(entry, state))
    if (records.length > recordsMax) {
      throw new ZoneProblem(entry.line, `More records than ${recordsMax}`)
    }
  }
  return records
}

const direct = ({ line, words }: Entry, state: State): void => {
  const [directive, value, surplus] = words as [Word, Word?, Word?]
  const name = directive.text.toUpperCase()
  if (name !== "$ORIGIN" && name !== "$TTL") {
    throw new ZoneProblem(line, `A directive that is not known here: ${directive.text}`)
  }
  if (value === undefined) throw new ZoneProblem(line, `Nothing follows ${name}`)
  if (surplus !== undefined)
    throw new ZoneProblem(line, `Too much follows ${name}: ${surplus.text}`)
  if (name === "$ORIGIN") state.origin = ZoneText.nameOf(value, state.origin)
  else state.defaultTtl = ZoneText.timeOf(value, ZoneText.ttlMax)
}

const classes = new Set(["IN", "CS", "CH", "HS"])

const recordOf = (entry: Entry, state: State): ZoneRecord => {
  const { line } = entry
  let words = entry.words
  if (!entry.isIndented) {
    state.owner = ZoneText.nameOf(words[0]!, state.origin)
    words = words.slice(1)
  }
  if (state.owner === undefined) throw new ZoneProblem(line, "The first record has no owner")
  const { owner } = state
  let ttl: number | undefined
  let hasClass = false
  // TTL and class may stand in either order, each once.
  let at = 0
  for (; at < words.length; at++) {
    const word = words[at]!
    const isClass = classes.has(word.text.toUpperCase()) && !hasClass
    const time = ttl === undefined && !isClass ? ZoneText.tryTime(word.text) : undefined
    if (isClass && word.text.toUpperCase() !== "IN") {
      throw new ZoneProblem(word.line, `A class other than IN: ${word.text}`)
    }
    if (isClass) hasClass = true
    else if (time !== undefined) ttl = ZoneText.timeOf(word, ZoneText.ttlMax)
    else break
  }
  const typeWord = words[at]
  if (typeWord === undefined) throw new ZoneProblem(line, `A record without a type: ${owner}`)
  const type = RecordText.typeOf(typeWord.text)
  if (type === undefined) {
    throw new ZoneProblem(typeWord.line, `Not a record type: ${typeWord.text}`)
  }
  if (ttl !== undefined) state.lastTtl = ttl
  const ttlSeconds = ttl ?? state.defaultTtl ?? state.lastTtl
  if (ttlSeconds === undefined) throw new ZoneProblem(line, `No TTL, and no $TTL before: ${owner}`)
  const data = told(typeWord, () =>
    RecordText.dataOf(type, typeWord, words.slice(at + 1), state.origin)
  )
  return { name: owner, type, ttlSeconds, data, line }
}

/** What the wire's writer has against data, said of its line: there is too much of it. */
const told = ({ line, text }: Word, write: () => Bytes): Bytes => {
  try {
    return write()
  } catch (error) {
    if (!(error instanceof DnsFormatError)) throw error
    throw new ZoneProblem(line, `More data than ${RecordText.dataBytesMax} bytes: ${text}`)
  }
}
