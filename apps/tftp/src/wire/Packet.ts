/** The packets of TFTP (RFC 1350 §5), with options (RFC 2347). */

export type Mode = "octet" | "netascii"

export interface Request {
  readonly _tag: "Read" | "Write"
  readonly file: string
  readonly mode: Mode
  /** By their names in lower case, the first of a name. */
  readonly options: ReadonlyMap<string, string>
}

export type Packet =
  | Request
  | { readonly _tag: "Data"; readonly block: number; readonly bytes: Uint8Array }
  | { readonly _tag: "Acknowledgement"; readonly block: number }
  | { readonly _tag: "Error"; readonly code: number; readonly message: string }
  | { readonly _tag: "OptionAcknowledgement"; readonly options: ReadonlyMap<string, string> }

/** What is no packet, and what is wrong with it. */
export interface Malformed {
  readonly _tag: "Malformed"
  readonly problem: string
}

const malformed = (problem: string): Malformed => ({ _tag: "Malformed", problem })

/** RFC 2347 §2: a request is at most this long. */
export const requestBytesMax = 512
/** Longer file names are refused before any file system sees them. */
const optionsMax = 16

const codes = { Read: 1, Write: 2, Data: 3, Acknowledgement: 4, Error: 5 } as const
const optionAcknowledgement = 6

const decoder = new TextDecoder("utf-8", { fatal: true })
const encoder = new TextEncoder()

/** Strings, each ended by a zero byte; undefined when the last is not ended, or is no UTF-8. */
const stringsOf = (bytes: Uint8Array): ReadonlyArray<string> | undefined => {
  const strings: Array<string> = []
  let start = 0
  while (start < bytes.length) {
    const end = bytes.indexOf(0, start)
    if (end < 0) return undefined
    try {
      strings.push(decoder.decode(bytes.subarray(start, end)))
    } catch {
      return undefined
    }
    start = end + 1
  }
  return strings
}

const optionsOf = (strings: ReadonlyArray<string>): ReadonlyMap<string, string> | Malformed => {
  if (strings.length % 2 !== 0) return malformed("An option without a value")
  if (strings.length > optionsMax * 2) return malformed(`More than ${optionsMax} options`)
  const options = new Map<string, string>()
  for (let index = 0; index < strings.length; index += 2) {
    const name = strings[index]!.toLowerCase()
    if (!options.has(name)) options.set(name, strings[index + 1]!)
  }
  return options
}

const readRequest = (tag: "Read" | "Write", bytes: Uint8Array): Request | Malformed => {
  if (bytes.length > requestBytesMax) return malformed(`A request of more than 512 bytes`)
  const strings = stringsOf(bytes.subarray(2))
  if (strings === undefined) return malformed("A string that does not end, or is no UTF-8")
  const [file, written, ...rest] = strings
  if (file === undefined || file === "") return malformed("A request without a file")
  const mode = written?.toLowerCase()
  if (mode !== "octet" && mode !== "netascii") return malformed("A mode other than octet, netascii")
  const options = optionsOf(rest)
  return "_tag" in options ? options : { _tag: tag, file, mode, options }
}

const readError = (bytes: Uint8Array): Packet | Malformed => {
  const end = bytes.indexOf(0, 4)
  const text = bytes.subarray(4, end < 0 ? bytes.length : end)
  // For people; whatever it is, the transfer is over.
  const message = new TextDecoder().decode(text).slice(0, requestBytesMax)
  return { _tag: "Error", code: bytes[2]! * 256 + bytes[3]!, message }
}

/** `Data.bytes` is a view of `bytes`. */
export const read = (bytes: Uint8Array): Packet | Malformed => {
  if (bytes.length < 2) return malformed("Less than an operation code")
  const code = bytes[0]! * 256 + bytes[1]!
  if (code === codes.Read) return readRequest("Read", bytes)
  if (code === codes.Write) return readRequest("Write", bytes)
  if (code === optionAcknowledgement) {
    const options = optionsOf(stringsOf(bytes.subarray(2)) ?? [""])
    return "_tag" in options ? options : { _tag: "OptionAcknowledgement", options }
  }
  if (code < codes.Data || code > codes.Error) return malformed(`Operation code ${code}`)
  if (bytes.length < 4) return malformed("Less than a block number")
  const block = bytes[2]! * 256 + bytes[3]!
  if (code === codes.Data) return { _tag: "Data", block, bytes: bytes.subarray(4) }
  return code === codes.Error ? readError(bytes) : { _tag: "Acknowledgement", block }
}

const numbers = (code: number, number: number): ReadonlyArray<number> => [
  0,
  code,
  number >>> 8,
  number & 255
]

/** A data packet's first four bytes; `block` is 0–65,535. */
export const setDataHeader = (bytes: Uint8Array, block: number): void =>
  bytes.set(numbers(codes.Data, block))

export const data = (block: number, content: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(4 + content.length)
  setDataHeader(bytes, block)
  bytes.set(content, 4)
  return bytes
}

export const acknowledgement = (block: number): Uint8Array =>
  Uint8Array.from(numbers(codes.Acknowledgement, block))

const terminated = (strings: ReadonlyArray<string>): Uint8Array =>
  encoder.encode(strings.map((text) => `${text}\0`).join(""))

const joined = (head: ReadonlyArray<number>, tail: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(head.length + tail.length)
  bytes.set(head)
  bytes.set(tail, head.length)
  return bytes
}

export const error = (code: number, message: string): Uint8Array =>
  joined(numbers(codes.Error, code), terminated([message]))

export const optionAcknowledgementOf = (options: ReadonlyMap<string, string>): Uint8Array =>
  joined([0, optionAcknowledgement], terminated(Array.from(options).flat()))

/** What a client sends first. */
export const request = ({ _tag, file, mode, options }: Request): Uint8Array =>
  joined([0, codes[_tag]], terminated([file, mode, ...Array.from(options).flat()]))
