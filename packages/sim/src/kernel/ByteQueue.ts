/**
 * Bytes in order, kept as the chunks they came in: nothing is done per byte.
 *
 * Chunks are owned by the queue once pushed, and by the taker once taken.
 */
export class ByteQueue {
  bytes = 0
  private chunks: Array<Uint8Array> = []
  private head = 0

  push(chunk: Uint8Array): void {
    this.chunks.push(chunk)
    this.bytes += chunk.length
  }

  /**
   * The first `bytesMax` bytes, or all when there are fewer; there must be one. What lies in one
   * chunk is not copied.
   */
  take(bytesMax: number): Uint8Array {
    const first = this.chunks[this.head]!
    if (first.length >= bytesMax || first.length === this.bytes) return this.takeFirst(bytesMax)
    const taken = new Uint8Array(Math.min(bytesMax, this.bytes))
    for (let filled = 0; filled < taken.length;) {
      const chunk = this.takeFirst(taken.length - filled)
      taken.set(chunk, filled)
      filled += chunk.length
    }
    return taken
  }

  clear(): void {
    this.chunks = []
    this.head = 0
    this.bytes = 0
  }

  /** Up to `bytesMax` bytes of the first chunk. */
  private takeFirst(bytesMax: number): Uint8Array {
    const first = this.chunks[this.head]!
    if (first.length > bytesMax) {
      this.chunks[this.head] = first.subarray(bytesMax)
      this.bytes -= bytesMax
      return first.subarray(0, bytesMax)
    }
    this.chunks[this.head++] = empty
    if (this.head === this.chunks.length) {
      this.chunks.length = 0
      this.head = 0
    } else if (this.head >= 1024) {
      this.chunks.splice(0, this.head)
      this.head = 0
    }
    this.bytes -= first.length
    return first
  }
}

// Overwrites a taken chunk, so that it can be collected.
const empty = new Uint8Array(0)
