/**
 * Bytes that were taken from the port and not yet from the stream: what `readExactly` and
 * `readUntil` collected before they could be satisfied. Contiguous, so that it can be searched.
 */
export class RestBuffer {
  private bytes: Uint8Array = new Uint8Array(0)
  private start = 0
  private end = 0

  get length(): number {
    return this.end - this.start
  }

  /** Copies `chunk` behind what is there; capacity doubles. */
  append(chunk: Uint8Array): void {
    const needed = this.length + chunk.length
    if (this.end + chunk.length > this.bytes.length) {
      const target =
        needed > this.bytes.length
          ? new Uint8Array(Math.max(needed, this.bytes.length * 2))
          : this.bytes
      // `set` copies as if through a buffer between, so the ranges may overlap.
      target.set(this.bytes.subarray(this.start, this.end), 0)
      this.bytes = target
      this.end -= this.start
      this.start = 0
    }
    this.bytes.set(chunk, this.end)
    this.end += chunk.length
  }

  /** Up to `bytesMax` bytes from the front: a copy with `keep`, else valid until the next call. */
  take(bytesMax: number, keep: boolean): Uint8Array {
    const stop = Math.min(this.end, this.start + bytesMax)
    const taken = keep ? this.bytes.slice(this.start, stop) : this.bytes.subarray(this.start, stop)
    this.start = stop
    // An idle stream keeps no memory; the borrowed view keeps its own.
    if (this.start === this.end) {
      this.bytes = new Uint8Array(0)
      this.start = 0
      this.end = 0
    }
    return taken
  }

  /** Where `delimiter` starts, at or after `from` bytes from the front; -1 if nowhere. */
  indexOf(delimiter: Uint8Array, from: number): number {
    const first = delimiter[0]!
    const last = this.end - delimiter.length
    let at = this.bytes.indexOf(first, this.start + from)
    while (at !== -1 && at <= last) {
      let matched = 1
      while (matched < delimiter.length && this.bytes[at + matched] === delimiter[matched])
        matched++
      if (matched === delimiter.length) return at - this.start
      at = this.bytes.indexOf(first, at + 1)
    }
    return -1
  }
}
