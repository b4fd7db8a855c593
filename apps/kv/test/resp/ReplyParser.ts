/**
 * Replies out of bytes that come in pieces: what a client needs.
 *
 * Bounded in the bytes of a line and of a string, in the items of a list, and in how deep lists may
 * be in each other. An unfinished reply is parsed again from its start when more has come: clients
 * here ask for little.
 */
import * as Data from "effect/Data"
import { binaryText, type Bytes, CR, LF } from "../../src/resp/Ascii.ts"
import type { Reply } from "./Reply.ts"

export interface ReplyLimits {
  readonly lineBytesMax: number
  readonly bulkBytesMax: number
  readonly itemsMax: number
  readonly depthMax: number
}

export const defaultLimits: ReplyLimits = {
  lineBytesMax: 64 * 1024,
  bulkBytesMax: 512 * 1024 * 1024,
  itemsMax: 1024 * 1024,
  depthMax: 32
}

export class MalformedReply extends Data.TaggedError("MalformedReply")<{
  readonly message: string
}> {}

/** The bytes end within a reply. */
class More extends Error {}

const more = new More()

const asNumber = (text: string): number => {
  if (text === "inf" || text === "+inf") return Infinity
  return text === "-inf" ? -Infinity : Number(text)
}

export class ReplyParser {
  /** Where the next reply begins. */
  next = 0
  private bytes: Bytes = new Uint8Array(0)
  private end = 0
  private readonly limits: ReplyLimits

  constructor(limits: ReplyLimits = defaultLimits) {
    this.limits = limits
  }

  /**
   * The reply that begins at `start`, with bytes of its own; undefined when it is not whole yet.
   * Throws `MalformedReply`.
   */
  parse(bytes: Bytes, start: number, end: number): Reply | undefined {
    this.bytes = bytes
    this.end = end
    this.next = start
    try {
      return this.reply(0)
    } catch (problem) {
      if (problem === more) return undefined
      throw problem
    }
  }

  private refuse(message: string): never {
    throw new MalformedReply({ message })
  }

  private reply(depth: number): Reply {
    if (depth > this.limits.depthMax) this.refuse(`Lists are nested deeper than: ${depth - 1}`)
    if (this.next >= this.end) throw more
    const mark = String.fromCharCode(this.bytes[this.next]!)
    const text = this.line()
    switch (mark) {
      case "+":
        return { _tag: "Simple", text }
      case "-":
        return { _tag: "Error", text }
      case ":":
        if (!/^[+-]?\d{1,20}$/.test(text)) this.refuse(`Not an integer: ${text}`)
        return { _tag: "Integer", value: BigInt(text) }
      case "(":
        if (!/^[+-]?\d+$/.test(text)) this.refuse(`Not an integer: ${text}`)
        return { _tag: "BigNumber", text }
      case ",": {
        const value = asNumber(text)
        if (Number.isNaN(value) && text !== "nan") this.refuse(`Not a number: ${text}`)
        return { _tag: "Double", value }
      }
      case "#":
        if (text !== "t" && text !== "f") this.refuse(`Not a truth value: ${text}`)
        return { _tag: "Boolean", value: text === "t" }
      case "_":
        return { _tag: "Null" }
      case "$":
      case "!":
      case "=":
        return this.string(mark, text)
      default:
        return this.list(mark, text, depth)
    }
  }

  private string(mark: string, text: string): Reply {
    if (mark === "$" && text === "-1") return { _tag: "Null" }
    const bytes = this.bulk(this.count(text, this.limits.bulkBytesMax))
    if (mark === "!") return { _tag: "Error", text: binaryText(bytes) }
    // A verbatim string says its format in four bytes first.
    return { _tag: "Bulk", bytes: mark === "=" ? bytes.slice(4) : bytes }
  }

  private bulk(length: number): Bytes {
    const after = this.next + length
    if (after + 2 > this.end) throw more
    if (this.bytes[after] !== CR || this.bytes[after + 1] !== LF) {
      this.refuse("A string does not end where it said")
    }
    const bytes = this.bytes.slice(this.next, after)
    this.next = after + 2
    return bytes
  }

  private list(mark: string, text: string, depth: number): Reply {
    if (mark === "*" && text === "-1") return { _tag: "Null" }
    const { itemsMax } = this.limits
    switch (mark) {
      case "*":
        return { _tag: "Array", items: this.items(this.count(text, itemsMax), depth) }
      case "~":
        return { _tag: "Set", items: this.items(this.count(text, itemsMax), depth) }
      case ">":
        return { _tag: "Push", items: this.items(this.count(text, itemsMax), depth) }
      case "%":
        return { _tag: "Map", items: this.items(2 * this.count(text, itemsMax / 2), depth) }
      default:
        return this.refuse(`Not the mark of a reply: ${mark}`)
    }
  }

  private items(count: number, depth: number): ReadonlyArray<Reply> {
    const items: Array<Reply> = []
    while (items.length < count) items.push(this.reply(depth + 1))
    return items
  }

  private count(text: string, countMax: number): number {
    if (!/^\d{1,10}$/.test(text)) this.refuse(`Not a length: ${text}`)
    const count = Number(text)
    if (count > countMax) this.refuse(`More than ${countMax}: ${count}`)
    return count
  }

  /** What follows the mark, without the line's end. */
  private line(): string {
    const { bytes, end, limits, next } = this
    const limit = Math.min(end, next + limits.lineBytesMax + 2)
    let at = next + 1
    while (at + 1 < limit && !(bytes[at] === CR && bytes[at + 1] === LF)) at++
    if (at + 1 >= limit) {
      if (limit < end) this.refuse(`A line of more than ${limits.lineBytesMax} bytes`)
      throw more
    }
    this.next = at + 2
    return binaryText(bytes, next + 1, at)
  }
}
