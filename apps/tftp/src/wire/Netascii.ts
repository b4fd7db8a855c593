/**
 * The mode `netascii` (RFC 1350 §1, RFC 764): a line ends with CR LF, a CR by itself is CR NUL. A
 * file here has LF for the former. Both directions are fed in pieces, which may end anywhere.
 */
const [nul, lf, cr] = [0, 10, 13]

/** As the wire has it; at most twice as long. */
export const encode = (bytes: Uint8Array): Uint8Array => {
  const encoded = new Uint8Array(bytes.length * 2)
  let length = 0
  for (const byte of bytes) {
    if (byte === lf) encoded[length++] = cr
    encoded[length++] = byte
    if (byte === cr) encoded[length++] = nul
  }
  return encoded.subarray(0, length)
}

export class Decoder {
  private isAfterCr = false

  /** As the file has it. A CR followed by neither LF nor NUL stays as it is. */
  decode(bytes: Uint8Array): Uint8Array {
    const decoded = new Uint8Array(bytes.length + 1)
    let length = 0
    for (const byte of bytes) {
      if (this.isAfterCr && byte !== lf) decoded[length++] = cr
      const isPart = this.isAfterCr && byte === nul
      this.isAfterCr = byte === cr
      if (!isPart && !this.isAfterCr) decoded[length++] = byte
    }
    return decoded.subarray(0, length)
  }

  /** A CR at the very end stands for itself. */
  end(): Uint8Array {
    return this.isAfterCr ? Uint8Array.of(cr) : new Uint8Array(0)
  }
}
