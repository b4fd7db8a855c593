/**
 * Memory in which one stream's small writes of one turn are joined.
 *
 * Bytes are appended at the end and taken from the start; nothing moves, so the host may still read
 * what was taken (`StreamPort.lent`) while more is appended behind it.
 */
export class WriteBuffer {
  /** Of most streams: a turn writes a message or a few. */
  static readonly smallBytes = 2 * 1024
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

  get isSmall(): boolean {
    return this.bytes.length < WriteBuffer.bytesMax
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
 * Buffers at rest: at most 512 small ones (1 MiB) and 32 of 16 KiB (512 KiB), so that a burst of
 * many streams leaves little behind for ever; a stream holds one only while it has bytes queued. A
 * turn that answers hundreds of connections finds as many small ones: memory outside the heap that
 * comes and goes each turn forces collections whose cost follows the live heap.
 */
export class WriteBufferPool {
  private static readonly smallMax = 512
  private static readonly largeMax = 32
  private readonly small: Array<WriteBuffer> = []
  private readonly large: Array<WriteBuffer> = []
  private readonly allocate: (bytes: number) => Uint8Array

  constructor(allocate: (bytes: number) => Uint8Array) {
    this.allocate = allocate
  }

  /** One for `bytes` bytes, or as many of them as a buffer holds. */
  acquire(bytes: number): WriteBuffer {
    const isSmall = bytes <= WriteBuffer.smallBytes
    const idle = isSmall ? this.small : this.large
    return idle.pop() ?? this.make(isSmall ? WriteBuffer.smallBytes : WriteBuffer.bytesMax)
  }

  private make(bytes: number): WriteBuffer {
    return new WriteBuffer(this.allocate(bytes))
  }

  /** A large one with what is in `buffer`, which is the pool's again. */
  enlarge(buffer: WriteBuffer): WriteBuffer {
    const large = this.acquire(WriteBuffer.bytesMax)
    if (buffer.length > 0) large.append(buffer.view(), buffer.length)
    this.release(buffer)
    return large
  }

  release(buffer: WriteBuffer): void {
    buffer.reset()
    if (buffer.isSmall) {
      if (this.small.length < WriteBufferPool.smallMax) this.small.push(buffer)
    } else if (this.large.length < WriteBufferPool.largeMax) this.large.push(buffer)
  }
}
