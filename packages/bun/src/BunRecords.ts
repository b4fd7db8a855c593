/**
 * Follows the records of TLS in ciphertext (RFC 8446 §5.1): five bytes of header, then as many as
 * the header says.
 */
const alertType = 21
const applicationDataType = 23

/**
 * TLS 1.3 sends an alert as application data: level, description, the true type, and a tag of 16
 * bytes, as every cipher suite that Bun has appends. So looks a message of two bytes, too.
 */
const alertBytes = 2 + 1 + 16

export class BunRecords {
  private headerBytes = 0
  private type = 0
  private length = 0
  private bodyBytesLeft = 0

  /** Takes the next bytes; answers whether a record ends in them that may be an alert. */
  push(bytes: Uint8Array): boolean {
    let mayBeAlert = false
    let at = 0
    while (at < bytes.length) {
      if (this.bodyBytesLeft > 0) {
        const count = Math.min(this.bodyBytesLeft, bytes.length - at)
        at += count
        this.bodyBytesLeft -= count
        mayBeAlert ||= this.bodyBytesLeft === 0 && this.looksLikeAlert
      } else this.pushHeader(bytes[at++]!)
    }
    return mayBeAlert
  }

  // Bytes 1 and 2 are a version that says nothing.
  private pushHeader(byte: number): void {
    const index = this.headerBytes++
    if (index === 0) this.type = byte
    else if (index === 3) this.length = byte << 8
    else if (index === 4) {
      this.bodyBytesLeft = this.length + byte
      this.length = this.bodyBytesLeft
      this.headerBytes = 0
    }
  }

  private get looksLikeAlert(): boolean {
    const { length, type } = this
    return type === alertType || (type === applicationDataType && length === alertBytes)
  }
}
