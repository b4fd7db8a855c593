/**
 * DNS messages (RFC 1035 §4) as data.
 *
 * Bytes from the network are vouched for by nobody: `decode` takes time in proportion to their
 * number, at most 65,535, whatever they say, and never throws.
 */
import * as Result from "effect/Result"
import { DnsFormatError } from "./DnsFormatError.ts"
import type { Edns } from "./Edns.ts"
import { readMessage } from "./readMessage.ts"
import type { RecordData } from "./RecordData.ts"
import { WireReader } from "./WireReader.ts"
import { writeMessage } from "./writeMessage.ts"

/** The longest message: over TCP its length has 16 bits. */
export const bytesMax = 65_535
/** The longest UDP message for those who say nothing else (RFC 1035 §4.2.1). */
export const udpBytesMax = 512

export interface Question {
  /** As text: see `DnsName`. */
  readonly name: string
  /** See `RecordCode`. */
  readonly type: number
  /** `RecordCode.internet`, as a rule. */
  readonly class: number
}

export interface ResourceRecord {
  readonly name: string
  readonly class: number
  /** 0 to 2^31 - 1; what is higher on the wire is read as 0 (RFC 2181 §8). */
  readonly ttlSeconds: number
  readonly data: RecordData
}

export interface DnsMessage {
  readonly id: number
  readonly isResponse: boolean
  /** 0 is a query. */
  readonly opcode: number
  /** AA: the server has authority for the name. */
  readonly isAuthoritative: boolean
  /** TC: there was more than fits. */
  readonly isTruncated: boolean
  /** RD. */
  readonly recursionDesired: boolean
  /** RA. */
  readonly recursionAvailable: boolean
  /** AD: the server has validated it (RFC 4035). */
  readonly isAuthentic: boolean
  /** CD. */
  readonly checkingDisabled: boolean
  /** 0–15, or 0–4095 with `edns`: see `ResponseCode`. */
  readonly responseCode: number
  readonly questions: ReadonlyArray<Question>
  readonly answers: ReadonlyArray<ResourceRecord>
  readonly authorities: ReadonlyArray<ResourceRecord>
  /** Without the OPT record, which is `edns`. */
  readonly additionals: ReadonlyArray<ResourceRecord>
  readonly edns: Edns | undefined
}

/** A query without a question, with what is given instead. */
export const make = (fields: Partial<DnsMessage> & { readonly id: number }): DnsMessage => ({
  isResponse: false,
  opcode: 0,
  isAuthoritative: false,
  isTruncated: false,
  recursionDesired: false,
  recursionAvailable: false,
  isAuthentic: false,
  checkingDisabled: false,
  responseCode: 0,
  questions: [],
  answers: [],
  authorities: [],
  additionals: [],
  edns: undefined,
  ...fields
})

/**
 * Reads one message, which must take all of `bytes`. What is malformed fails, and says what and
 * where; records of types and classes unknown here are kept as bytes.
 */
export const decode = (bytes: Uint8Array): Result.Result<DnsMessage, DnsFormatError> =>
  caught(() => readMessage(new WireReader(bytes)))

/**
 * Writes one message, at most `atMost` (12 to 65,535, the default) bytes long. Records that do not
 * fit are left out, from the first such on, and the message says that it is truncated (TC); the
 * OPT record is kept. What fits no field fails, and so do questions that do not fit.
 */
export const encode = (
  message: DnsMessage,
  atMost = bytesMax
): Result.Result<Uint8Array<ArrayBuffer>, DnsFormatError> =>
  caught(() => writeMessage(message, Math.min(Math.max(atMost, 12), bytesMax)))

// Reader and writer throw from wherever they are; anything but their error is a bug of theirs.
const caught = <A>(run: () => A): Result.Result<A, DnsFormatError> => {
  try {
    return Result.succeed(run())
  } catch (error) {
    if (error instanceof DnsFormatError) return Result.fail(error)
    throw error
  }
}
