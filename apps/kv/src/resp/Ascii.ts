/** Bytes that mean something in RESP and in what clients write. */
export type Bytes = Uint8Array

export const nothing = new Uint8Array(0)

export const CR = 0x0d
export const LF = 0x0a
export const SPACE = 0x20
export const DOLLAR = 0x24
export const PLUS = 0x2b
export const MINUS = 0x2d
export const ZERO = 0x30
export const COLON = 0x3a
export const ASTERISK = 0x2a

/** Letters in lower case; other bytes may change, so compare only with what was treated alike. */
export const folded = (byte: number): number => byte | 0x20

/** A character for each byte, so that nothing is lost, whatever the bytes are. */
export const binaryText = (bytes: Bytes, start = 0, end = bytes.length): string => {
  let text = ""
  for (let at = start; at < end; at += 4_096) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 4_096)))
  }
  return text
}

/** The bytes of a text whose characters are below 256; others lose their high bits. */
export const bytesOf = (text: string): Bytes => {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}

export const isEqual = (one: Bytes, other: Bytes): boolean => {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false
  return true
}
