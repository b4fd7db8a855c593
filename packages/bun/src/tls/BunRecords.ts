/**
 * Follows the records of TLS in ciphertext (RFC 8446 §5.1): five bytes of header, then as many as
 * the header says.
 */
const recordHeaderBytes = 5
const alertType = 21
const applicationDataType = 23

/** What TLS 1.3 adds to a message: the true type, and the tag that all its suites in Bun have. */
const overheadBytes = 1 + 16
/** Level and description. TLS 1.3 sends them as application data; a message of two is as long. */
const alertBytes = 2

export class BunRecords {
  /** Of the last `push`: whether a record ended that may be an alert, and how many ended. */
  mayBeAlert = false
  ended = 0
  private headerBytes = 0
  private type = 0
  private length = 0
  private bodyBytesLeft = 0
  private endedLength = 0

  /** How many bytes the record that ended last can carry, in TLS 1.3. */
  get capacity(): number {
    return this.endedLength - overheadBytes
  }

  /** Takes the next bytes. */
  push(bytes: Uint8Array): void {
    if (this.isOneRecord(bytes)) return this.pushRecord(bytes.length - recordHeaderBytes)
    this.mayBeAlert = false
    this.ended = 0
    let at = 0
    while (at < bytes.length) {
      if (this.bodyBytesLeft > 0) {
        const count = Math.min(this.bodyBytesLeft, bytes.length - at)
        at += count
        this.bodyBytesLeft -= count
        if (this.bodyBytesLeft === 0) this.end()
      } else this.pushHeader(bytes[at++]!)
    }
  }

  // Most messages are one record, which comes alone and whole: five bytes say so.
  private isOneRecord(bytes: Uint8Array): boolean {
    const isWithin = this.bodyBytesLeft > 0 || this.headerBytes > 0
    if (isWithin || bytes.length <= recordHeaderBytes) return false
    if (bytes[0] !== applicationDataType) return false
    return ((bytes[3]! << 8) | bytes[4]!) === bytes.length - recordHeaderBytes
  }

  private pushRecord(length: number): void {
    this.ended = 1
    this.endedLength = length
    this.mayBeAlert = this.capacity === alertBytes
  }

  // Bytes 1 and 2 are a version that says nothing.
  private pushHeader(byte: number): void {
    const index = this.headerBytes++
    if (index === 0) this.type = byte
    else if (index === 3) this.length = byte << 8
    else if (index === 4) {
      this.length += byte
      this.bodyBytesLeft = this.length
      this.headerBytes = 0
    }
  }

  private end(): void {
    this.ended++
    this.endedLength = this.length
    this.mayBeAlert ||=
      this.type === alertType || (this.type === applicationDataType && this.capacity === alertBytes)
  }
}
