/** Requests as bytes: what a client sends, and what the log keeps. */
import { ASTERISK, type Bytes, bytesOf, CR, DOLLAR, LF, ZERO } from "./Ascii.ts"

export type Argument = Bytes | string | number

const digitsOf = (value: number): number => {
  let digits = 1
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++
  return digits
}

const putLength = (target: Bytes, at: number, mark: number, value: number): number => {
  target[at++] = mark
  const end = at + digitsOf(value)
  for (let place = end - 1, rest = value; place >= at; place--, rest = Math.floor(rest / 10)) {
    target[place] = ZERO + (rest % 10)
  }
  target[end] = CR
  target[end + 1] = LF
  return end + 2
}

/** An array of bulk strings. Texts have a byte for each character, so those above 255 are cut. */
export const request = (...args: ReadonlyArray<Argument>): Bytes => {
  const parts = args.map((part) => (typeof part === "object" ? part : bytesOf(String(part))))
  let length = 3 + digitsOf(parts.length)
  for (const part of parts) length += 5 + digitsOf(part.length) + part.length
  const bytes = new Uint8Array(length)
  let at = putLength(bytes, 0, ASTERISK, parts.length)
  for (const part of parts) {
    at = putLength(bytes, at, DOLLAR, part.length)
    bytes.set(part, at)
    at += part.length
    bytes[at++] = CR
    bytes[at++] = LF
  }
  return bytes
}
