/** Text as UTF-8 (RFC 3629). A lone surrogate becomes U+FFFD, as in every host's encoder. */
export const encodeText = (text: string): Uint8Array => {
  // No code unit takes more than three bytes: a pair takes four.
  const bytes = new Uint8Array(text.length * 3)
  let size = 0
  for (const symbol of text) {
    const found = symbol.codePointAt(0)!
    const point = found >= 0xd800 && found <= 0xdfff ? 0xfffd : found
    if (point < 0x80) {
      bytes[size++] = point
      continue
    }
    const tail = point < 0x800 ? 1 : point < 0x1_0000 ? 2 : 3
    bytes[size++] = leads[tail]! | (point >>> (6 * tail))
    for (let at = tail - 1; at >= 0; at--) bytes[size++] = 0x80 | ((point >>> (6 * at)) & 0x3f)
  }
  return bytes.slice(0, size)
}

// What the first byte of a sequence starts with, by the bytes that follow it.
const leads = [0, 0xc0, 0xe0, 0xf0]
