/**
 * Requests for the host's files: so many at once, the others in line, first in, first out.
 *
 * The host runs them on a few threads that it does not show and shares with lookups of names. What
 * it was given cannot be taken back, so the rest waits here, where it can.
 */
import type { FileRequest } from "./FileRequest.ts"
import { RequestLine, type Tally } from "./RequestLine.ts"

export class FileLane {
  readonly runningMax: number
  readonly running = new RequestLine()
  readonly waiting: RequestLine

  /** `tally` counts those that wait. */
  constructor(runningMax: number, tally: Tally) {
    this.runningMax = runningMax
    this.waiting = new RequestLine(tally)
  }

  /** Whether a request that enters now begins at once. */
  get hasRoom(): boolean {
    return this.running.length < this.runningMax
  }

  /** Begins the request, or puts it last. Whether there is room is for the caller to ask. */
  enter(request: FileRequest): void {
    if (this.hasRoom) this.begin(request)
    else this.waiting.push(request)
  }

  /** The same for what must not wait for others: descriptors that are given back. */
  enterFirst(request: FileRequest): void {
    if (this.hasRoom) this.begin(request)
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
