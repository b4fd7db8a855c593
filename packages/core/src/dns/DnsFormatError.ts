/**
 * What is wrong with a DNS message, and where: read from the wire, or meant for it.
 *
 * The checks follow RFC 9267, which lists what implementations of RFC 1035 got wrong.
 */
import * as Data from "effect/Data"

const sentences = {
  MessageTooLong: "the message is longer than it may be",
  EndOfMessage: "the message ends here, more was announced",
  EndOfData: "the record's data ends here, its fields do not",
  LeftoverData: "the record's data goes on after its last field",
  TrailingBytes: "bytes follow the last record",
  UnknownLabel: "a label is neither text nor a pointer",
  ForwardPointer: "a compression pointer does not point backwards",
  PointerChain: "a name is spread over too many compression pointers",
  EmptyLabel: "a label is empty",
  LabelTooLong: "a label is longer than 63 bytes",
  NameTooLong: "a name is longer than 255 bytes",
  BadEscape: "a backslash is not followed by a character or three digits up to 255",
  StringTooLong: "a character string is longer than 255 bytes",
  ValueOutOfRange: "a value does not fit its field",
  OptElsewhere: "an OPT record stands outside of the additional section or is not the root's",
  SecondOpt: "there is more than one OPT record"
} as const

export type Problem = keyof typeof sentences

export class DnsFormatError extends Data.TaggedError("DnsFormatError")<{
  readonly problem: Problem
  /** The part of the message: `header`, `question 1`, `answer 2 MX`, counted from 1. */
  readonly where: string
  /** Bytes from the message's start to where it was noticed. */
  readonly offset: number
}> {
  override get message(): string {
    return `DNS message, ${this.where}, byte ${this.offset}: ${sentences[this.problem]}`
  }
}
