/** The words of a line that somebody typed, as Redis splits them (`sdssplitargs`). */
import { type Bytes, CR, LF, SPACE } from "./Ascii.ts"
import type { Request } from "./Request.ts"

const quote = 0x22
const apostrophe = 0x27
const backslash = 0x5c

const escapes: { readonly [letter: number]: number } = {
  0x6e: LF,
  0x72: CR,
  0x74: 0x09,
  0x62: 0x08,
  0x61: 0x07
}

const isSpace = (byte: number): boolean => byte === SPACE || (byte >= 0x09 && byte <= CR)

const hexDigit = (byte: number | undefined): number =>
  byte === undefined ? NaN : Number.parseInt(String.fromCharCode(byte), 16)

/** Puts the words of `line` into `request`; false when a quote is not closed. */
export const words = (line: Bytes, request: Request): boolean => {
  // An escape is never shorter than what it stands for.
  const text = new Uint8Array(line.length)
  let at = 0
  let length = 0
  request.bytes = text
  for (;;) {
    while (at < line.length && isSpace(line[at]!)) at++
    if (at === line.length) return true
    const start = length
    while (at < line.length && !isSpace(line[at]!)) {
      const byte = line[at++]!
      if (byte !== quote && byte !== apostrophe) {
        text[length++] = byte
        continue
      }
      for (;;) {
        if (at >= line.length) return false
        const quoted = line[at++]!
        if (quoted === byte) break
        if (quoted !== backslash || at >= line.length) text[length++] = quoted
        else if (byte === apostrophe)
          text[length++] = line[at] === apostrophe ? line[at++]! : quoted
        else at = unescape(line, at, text, length++)
      }
      // What follows a closing quote has to be another word.
      if (at < line.length && !isSpace(line[at]!)) return false
    }
    request.add(start, length)
  }
}

/** Writes the byte that an escape stands for; gives where the text goes on. */
const unescape = (line: Bytes, at: number, text: Bytes, length: number): number => {
  const letter = line[at]!
  const code = letter === 0x78 ? hexDigit(line[at + 1]) * 16 + hexDigit(line[at + 2]) : NaN
  text[length] = Number.isNaN(code) ? (escapes[letter] ?? letter) : code
  return Number.isNaN(code) ? at + 1 : at + 3
}
