/**
 * Requests for the host's files: so many at once, the others in line, and the line bounded.
 *
 * The host runs them on a few threads that it does not show and shares with lookups of names. What
 * it was given cannot be taken back, so the rest waits here, where it can.
 */
import type { FileRequest } from "./FileRequest.ts"
import { RequestLine, type Tally } from "./RequestLine.ts"

/** Requests that may wait at once, on one backend. */
export const waitingMax = 10_000

export class FileLane {
  readonly runningMax: number
  readonly running = new RequestLine()
  /** Those that wait for a place here, and those that wait for the cursor of their file. */
  readonly tally: Tally = { count: 0 }
  readonly waiting = new RequestLine(this.tally)

  constructor(runningMax: number) {
    this.runningMax = runningMax
  }

  get isFull(): boolean {
    return this.tally.count >= waitingMax
  }

  /** Begins the request, or puts it last. Whether there is room is for the caller to ask. */
  enter(request: FileRequest): void {
    if (this.running.length < this.runningMax) this.begin(request)
    else this.waiting.push(request)
  }

  /** The same for what must not wait for others: descriptors that are given back. */
  enterFirst(request: FileRequest): void {
    if (this.running.length < this.runningMax) this.begin(request)
    else this.waiting.unshift(request)
  }

  private begin(request: FileRequest): void {
    this.running.push(request)
    request.begin()
  }

  /** The host is through with a request: its place is the next one's. */
  leave(request: FileRequest): void {
    this.running.remove(request)
    const next = this.waiting.shift()
    if (next !== undefined) this.begin(next)
  }

  /** The host is through with a part of it; the others get their turn before the next part. */
  enterAgain(request: FileRequest): void {
    this.leave(request)
    this.enter(request)
  }
}
