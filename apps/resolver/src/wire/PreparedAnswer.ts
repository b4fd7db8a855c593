/**
 * An answer as it is kept: a whole message, but for what differs from client to client, which is
 * the id, two flags, the letters' case in the question, and the OPT record.
 */
import { RecordCode, ResponseCode } from "@portico/core"
import { type Bytes, setU16, setU32, u32 } from "./Octets.ts"
import { headerBytes } from "./QueryView.ts"
import { recordsOf, type WireRecord } from "./WireRecords.ts"

const soa = RecordCode.of("SOA")
const authority = 1
const { nameError, noError } = ResponseCode

/** Ages are whole seconds, rounded either way. */
const failureSeconds = 2

const responseBit = 0x80
const recursionAvailableBit = 0x80

/** How long answers may be kept at most, in seconds. */
export interface TtlBounds {
  readonly positiveSecondsMax: number
  /** Of answers that say that there is nothing (RFC 2308 §5). */
  readonly negativeSecondsMax: number
}

export class PreparedAnswer {
  /** Without an OPT record. */
  readonly message: Bytes
  readonly responseCode: number
  /** How long it may be kept; 0 is not at all, `Infinity` until it is displaced. */
  readonly lifetimeSeconds: number
  private readonly ttlOffsets: ReadonlyArray<number>
  private readonly ttls: ReadonlyArray<number>
  private age = 0

  private constructor(
    message: Bytes,
    lifetimeSeconds: number,
    records: ReadonlyArray<WireRecord>,
    ttls: ReadonlyArray<number>
  ) {
    this.message = message
    this.responseCode = message[3]! & 0x0f
    this.lifetimeSeconds = lifetimeSeconds
    this.ttlOffsets = records.map(({ ttlOffset }) => ttlOffset)
    this.ttls = ttls
  }

  /** One that does not age: of a zone that this server has. */
  static fixed(message: Bytes): PreparedAnswer {
    return new PreparedAnswer(message, Infinity, [], [])
  }

  /**
   * What an upstream answered. Copies `response`, which was decoded without complaint, as it is: a
   * record of a type unknown here, or with text that is no UTF-8, is the client's to understand.
   * What follows its OPT record is left out.
   */
  static received(response: Bytes, bounds: TtlBounds): PreparedAnswer {
    const all = recordsOf(response)
    const opt = all.findIndex(({ type }) => type === RecordCode.opt)
    const records = opt === -1 ? all : all.slice(0, opt)
    const message = response.slice(0, opt === -1 ? response.length : all[opt]!.start)
    setU16(message, 10, records.filter(({ section }) => section > authority).length)
    const code = message[3]! & 0x0f
    // Not the upstream's AA: we are no authority. Nor its AD: we have validated nothing.
    message[2] = responseBit
    message[3] = recursionAvailableBit | code
    const denial = denialSeconds(response, records, code)
    const secondsMax = denial === undefined ? bounds.positiveSecondsMax : bounds.negativeSecondsMax
    const ttls = records.map((record) =>
      Math.min(record.ttlSeconds, secondsMax, record.type === soa ? (denial ?? Infinity) : Infinity)
    )
    const shown = new PreparedAnswer(message, lifetime(code, ttls, denial), records, ttls)
    shown.write(0)
    return shown
  }

  /** That no upstream had an answer to a question (RFC 9520 §3.2: kept for a second at least). */
  static failed(question: Bytes): PreparedAnswer {
    const message = new Uint8Array(headerBytes + question.length)
    message[2] = responseBit
    message[3] = recursionAvailableBit | ResponseCode.serverFailure
    message[5] = 1
    message.set(question, headerBytes)
    return new PreparedAnswer(message, failureSeconds, [], [])
  }

  /** Makes the message say what is left of its TTLs, `age` seconds after it was prepared. */
  grow(age: number): void {
    if (age !== this.age) this.write(age)
  }

  private write(age: number): void {
    this.age = age
    for (let index = 0; index < this.ttls.length; index++) {
      setU32(this.message, this.ttlOffsets[index]!, Math.max(0, this.ttls[index]! - age))
    }
  }
}

/**
 * How long it may be believed that there is nothing (RFC 2308 §5): what the SOA record in the
 * authority section says, 0 without one. Undefined where there is something.
 */
const denialSeconds = (
  message: Bytes,
  records: ReadonlyArray<WireRecord>,
  code: number
): number | undefined => {
  const isNoData = code === noError && !records.some(({ section }) => section === 0)
  // An alias whose target is not there (RFC 6604), or has no such record (RFC 2308 §2.2).
  const found = records.find(({ section, type }) => section === authority && type === soa)
  if (code !== nameError && !isNoData && found === undefined) return undefined
  return found === undefined ? 0 : Math.min(found.ttlSeconds, u32(message, found.end - 4))
}

const lifetime = (
  code: number,
  ttls: ReadonlyArray<number>,
  denial: number | undefined
): number => {
  if (ttls.length === 0 || (code !== noError && code !== nameError)) return 0
  return Math.min(denial ?? Infinity, ...ttls)
}
