/** UTF-8 (RFC 3629) in plain code: core has no `TextDecoder`, which belongs to hosts. */

const isContinuation = (byte: number | undefined): boolean =>
  byte !== undefined && (byte & 0xc0) === 0x80

/** How long the sequence that `lead` opens is; 0 when it opens none. */
const lengthOf = (lead: number): number => {
  if (lead < 0x80) return 1
  if (lead < 0xc2) return 0
  if (lead < 0xe0) return 2
  if (lead < 0xf0) return 3
  return lead < 0xf5 ? 4 : 0
}

/** The code point at `at` and the bytes it takes; 0 bytes when they are not UTF-8. */
const pointAt = (bytes: Uint8Array, at: number): readonly [point: number, length: number] => {
  const lead = bytes[at]!
  const length = lengthOf(lead)
  if (length === 1) return [lead, 1]
  let point = lead & (0xff >> (length + 1))
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index]
    if (!isContinuation(byte)) return [0, 0]
    point = (point << 6) | (byte! & 0x3f)
  }
  const isOverlong = point < (length === 3 ? 0x800 : length === 4 ? 0x10000 : 0x80)
  const isSurrogate = point >= 0xd800 && point <= 0xdfff
  return isOverlong || isSurrogate || point > 0x10ffff ? [0, 0] : [point, length]
}

/** `onInvalid` gives the text for a byte that belongs to no character. */
export const decode = (
  bytes: Uint8Array,
  onInvalid: (byte: number) => string = () => "\ufffd",
  onCharacter: (point: number) => string = String.fromCodePoint
): string => {
  let text = ""
  for (let at = 0; at < bytes.length;) {
    const [point, length] = pointAt(bytes, at)
    text += length === 0 ? onInvalid(bytes[at]!) : onCharacter(point)
    at += length || 1
  }
  return text
}

/** A surrogate without its pair is written as U+FFFD. */
export const encode = (text: string): Uint8Array<ArrayBuffer> => {
  const bytes: Array<number> = []
  for (const character of text) {
    const given = character.codePointAt(0)!
    const point = given >= 0xd800 && given <= 0xdfff ? 0xfffd : given
    const tail = (shift: number) => 0x80 | ((point >> shift) & 0x3f)
    if (point < 0x80) bytes.push(point)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(0))
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), tail(6), tail(0))
    else bytes.push(0xf0 | (point >> 18), tail(12), tail(6), tail(0))
  }
  return Uint8Array.from(bytes)
}
