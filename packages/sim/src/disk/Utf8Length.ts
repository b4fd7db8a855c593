/** How long a name is on the disk: limits count bytes of UTF-8. */
export const utf8Bytes = (text: string): number => {
  let bytes = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x80) bytes++
    else if (code < 0x800) bytes += 2
    // Half of a surrogate pair: both together are four bytes.
    else if (code >= 0xd800 && code < 0xe000) bytes += 2
    else bytes += 3
  }
  return bytes
}
