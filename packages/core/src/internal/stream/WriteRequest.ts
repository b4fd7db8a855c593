/**
 * One write, flush or half-close that could not finish at once and stands in the writer's queue.
 */
import type * as Effect from "effect/Effect"
import type { IoError } from "../../IoError.ts"

/**
 * When it is done: its bytes are accepted (`write`), everything before it is with the host
 * (`flush`), and then the sending side is shut down (`shutdown`).
 */
export type WriteKind = "write" | "flush" | "shutdown"

export class WriteRequest {
  readonly kind: WriteKind
  private readonly chunks: ReadonlyArray<Uint8Array>
  private index = 0
  private offset = 0
  private isStarted = false
  resume: ((effect: Effect.Effect<void, IoError>) => void) | undefined
  fiberId = 0

  constructor(kind: WriteKind, chunks: ReadonlyArray<Uint8Array>) {
    this.kind = kind
    this.chunks = chunks
  }

  get operation(): string {
    return `TcpStream.${this.kind}`
  }

  /** The bytes to offer next, or undefined when all were taken. */
  get next(): Uint8Array | undefined {
    while (this.index < this.chunks.length && this.offset === this.chunks[this.index]!.length) {
      this.index++
      this.offset = 0
    }
    const chunk = this.chunks[this.index]
    if (chunk === undefined || this.offset === 0) return chunk
    return chunk.subarray(this.offset)
  }

  taken(count: number): void {
    this.offset += count
    if (count > 0) this.isStarted = true
  }

  /** Some of its bytes were taken. */
  get hasStarted(): boolean {
    return this.isStarted
  }

  get bytesLeft(): number {
    let bytes = -this.offset
    for (let index = this.index; index < this.chunks.length; index++) {
      bytes += this.chunks[index]!.length
    }
    return Math.max(0, bytes)
  }
}
