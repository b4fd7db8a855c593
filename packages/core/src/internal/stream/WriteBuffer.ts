/**
 * Memory in which one stream's small writes of one turn are joined.
 *
 * Bytes are appended at the end and taken from the start; nothing moves, so the host may still read
 * what was taken (`StreamPort.lent`) while more is appended behind it.
 */
export class WriteBuffer {
  static readonly bytesMax = 16 * 1024
  private readonly bytes: Uint8Array
  private start = 0
  private end = 0
  // Most turns write as many bytes as the turn before: the same view is offered again.
  private lastView: Uint8Array | undefined

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get length(): number {
    return this.end - this.start
  }

  get free(): number {
    return this.bytes.length - this.end
  }

  /** Copies the first `count` (<= `free`) bytes of `source` behind what is there. */
  append(source: Uint8Array, count: number): void {
    this.bytes.set(count === source.length ? source : source.subarray(0, count), this.end)
    this.end += count
  }

  view(): Uint8Array {
    const last = this.lastView
    if (this.start === 0 && last !== undefined && last.length === this.end) return last
    const view = this.bytes.subarray(this.start, this.end)
    if (this.start === 0) this.lastView = view
    return view
  }

  taken(count: number): void {
    this.start += count
  }

  reset(): void {
    this.start = 0
    this.end = 0
  }
}

/**
 * Buffers at rest, at most 32 (512 KiB), so that a burst of many streams leaves nothing behind for
 * ever; a stream holds one only while it has bytes queued.
 */
export class WriteBufferPool {
  private static readonly buffersMax = 32
  private readonly idle: Array<WriteBuffer> = []
  private readonly allocate: (bytes: number) => Uint8Array

  constructor(allocate: (bytes: number) => Uint8Array) {
    this.allocate = allocate
  }

  acquire(): WriteBuffer {
    return this.idle.pop() ?? new WriteBuffer(this.allocate(WriteBuffer.bytesMax))
  }

  release(buffer: WriteBuffer): void {
    buffer.reset()
    if (this.idle.length < WriteBufferPool.buffersMax) this.idle.push(buffer)
  }
}
