/** Hands lines to every subscriber, and waits for none. */
import type { End, Subscriber } from "./Subscriber.ts"

const ends: ReadonlyArray<End> = ["finished", "slow", "lost"]

export class Hub {
  linesPublished = 0
  bytesPublished = 0
  private readonly subscribers = new Set<Subscriber>()
  private readonly ended = new Map<End, number>(ends.map((end) => [end, 0]))
  private bytesSent = 0
  private isClosed = false

  add(subscriber: Subscriber): void {
    this.subscribers.add(subscriber)
    if (this.isClosed) subscriber.end()
  }

  remove(subscriber: Subscriber, end: End): void {
    if (!this.subscribers.delete(subscriber)) return
    this.ended.set(end, this.ended.get(end)! + 1)
    this.bytesSent += subscriber.bytesSent
  }

  /** Whole lines, so many of them. */
  publish(lines: Uint8Array, count: number): void {
    this.linesPublished += count
    this.bytesPublished += lines.length
    for (const subscriber of this.subscribers) subscriber.offer(lines)
  }

  /** Subscribers are sent what they were offered, and end. */
  close(): void {
    this.isClosed = true
    for (const subscriber of this.subscribers) subscriber.end()
  }

  /** `lines=10 bytes=200 subscribers=2 bytes_sent=400 finished=1 slow=0 lost=0` */
  get text(): string {
    let { bytesSent } = this
    for (const subscriber of this.subscribers) bytesSent += subscriber.bytesSent
    return [
      `lines=${this.linesPublished}`,
      `bytes=${this.bytesPublished}`,
      `subscribers=${this.subscribers.size}`,
      `bytes_sent=${bytesSent}`,
      ...Array.from(this.ended, ([end, count]) => `${end}=${count}`)
    ].join(" ")
  }
}
