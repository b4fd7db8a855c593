/** One TCP connection that lines are streamed to: what it was not sent yet, bounded in bytes. */
import * as Effect from "effect/Effect"
import type { IoError, TcpStream } from "@portico/core"

/** How it ended: the hub closed and all was sent, it was cut off, or its connection broke. */
export type End = "finished" | "slow" | "lost"

export class Subscriber {
  readonly name: string
  bytesSent = 0
  private readonly bytesMax: number
  private queue: Array<Uint8Array> = []
  private bytesQueued = 0
  private isSlow = false
  private isOver = false
  private wake: (() => void) | undefined

  constructor(name: string, bytesMax: number) {
    this.name = name
    this.bytesMax = bytesMax
  }

  /** Takes lines to send. Never waits: who has `bytesMax` to catch up on already is cut off. */
  offer(lines: Uint8Array): void {
    if (this.isSlow || this.isOver) return
    if (this.bytesQueued > 0 && this.bytesQueued + lines.length > this.bytesMax) {
      this.isSlow = true
      this.queue = []
      this.onSlow?.()
    } else {
      this.queue.push(lines)
      this.bytesQueued += lines.length
    }
    this.wakeUp()
  }

  /** No more lines come. */
  end(): void {
    this.isOver = true
    this.wakeUp()
  }

  private wakeUp(): void {
    const { wake } = this
    this.wake = undefined
    wake?.()
  }

  private readonly news = Effect.callback<void>((resume) => {
    if (this.queue.length > 0 || this.isSlow || this.isOver) return resume(Effect.void)
    this.wake = () => resume(Effect.void)
    return Effect.sync(() => void (this.wake = undefined))
  })

  /** Cut off even while a write waits for it. */
  private readonly slowness = Effect.callback<End>((resume) => {
    const look = () => {
      if (this.isSlow) resume(Effect.succeed("slow"))
      else this.onSlow = look
    }
    look()
    return Effect.sync(() => void (this.onSlow = undefined))
  })
  private onSlow: (() => void) | undefined

  /** Sends until it ends. */
  send(stream: TcpStream.TcpStream): Effect.Effect<End, IoError.IoError> {
    const sending = Effect.gen({ self: this }, function* () {
      for (;;) {
        yield* this.news
        const chunks = this.queue
        this.queue = []
        if (chunks.length > 0) {
          yield* stream.writeAll(chunks)
          // Until then they are what it has to catch up on.
          const bytes = chunks.reduce((sum, { length }) => sum + length, 0)
          this.bytesQueued -= bytes
          this.bytesSent += bytes
        } else if (this.isOver) {
          yield* stream.flush
          return "finished" as const
        }
      }
    })
    return Effect.raceFirst(sending, this.slowness)
  }
}
