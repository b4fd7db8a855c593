/**
 * Events that nobody took yet: in order, bounded by their number. What does not fit is dropped and
 * counted, and the count is an event at the place where they are missing.
 */
import { WatchEvent } from "../../WatchEvent.ts"

export class EventQueue {
  /** Dropped since it was made. */
  eventsLost = 0
  private readonly eventsMax: number
  private readonly events: Array<WatchEvent> = []
  private head = 0
  /** Of what stands last: dropped behind it. */
  private dropped = 0
  /** Names whose `Modified` stands here, which says all that a second one could. */
  private readonly modified = new Set<string>()

  constructor(eventsMax: number) {
    this.eventsMax = eventsMax
  }

  get length(): number {
    return this.events.length - this.head + (this.dropped > 0 ? 1 : 0)
  }

  push(event: WatchEvent): void {
    if (event._tag === "Modified" && !event.isReplaced && this.modified.has(event.path)) return
    // The last one is told whatever came before.
    if (event._tag !== "RootDeleted" && this.isFull) {
      this.dropped++
      this.eventsLost++
      return
    }
    this.tellDropped()
    this.note(event)
    this.events.push(event)
  }

  private get isFull(): boolean {
    return this.events.length - this.head >= this.eventsMax
  }

  private tellDropped(): void {
    if (this.dropped === 0) return
    this.events.push(WatchEvent.Overflow({ eventsLost: this.dropped }))
    this.dropped = 0
  }

  // After any other news of a name, a change of it is news again.
  private note(event: WatchEvent): void {
    if (event._tag === "Modified") this.modified.add(event.path)
    else if (event._tag === "Renamed") {
      // Names below a directory that was renamed are others now.
      this.modified.clear()
    } else if (event._tag === "Created" || event._tag === "Deleted") {
      this.modified.delete(event.path)
    }
  }

  /** The oldest, or undefined when there is none. */
  take(): WatchEvent | undefined {
    if (this.head === this.events.length) this.tellDropped()
    const event = this.events[this.head]
    if (event === undefined) return undefined
    this.head++
    if (event._tag === "Modified") this.modified.delete(event.path)
    if (this.head * 2 > this.events.length) {
      this.events.splice(0, this.head)
      this.head = 0
    }
    return event
  }

  clear(): void {
    this.events.length = 0
    this.head = 0
    this.dropped = 0
    this.modified.clear()
  }
}
