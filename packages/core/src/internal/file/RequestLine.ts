/** Requests in the order in which they came, linked through themselves: leaving costs nothing. */
import type { FileRequest } from "./FileRequest.ts"

/** How many stand in several lines together. */
export interface Tally {
  count: number
}

export class RequestLine {
  private readonly tally: Tally | undefined
  first: FileRequest | undefined = undefined
  private last: FileRequest | undefined = undefined
  length = 0

  constructor(tally?: Tally) {
    this.tally = tally
  }

  push(request: FileRequest): void {
    request.line = this
    request.previous = this.last
    if (this.last === undefined) this.first = request
    else this.last.next = request
    this.last = request
    this.length++
    if (this.tally !== undefined) this.tally.count++
  }

  unshift(request: FileRequest): void {
    request.line = this
    request.next = this.first
    if (this.first === undefined) this.last = request
    else this.first.previous = request
    this.first = request
    this.length++
    if (this.tally !== undefined) this.tally.count++
  }

  /** Takes one out that is in this line. */
  remove(request: FileRequest): void {
    const { next, previous } = request
    if (previous === undefined) this.first = next
    else previous.next = next
    if (next === undefined) this.last = previous
    else next.previous = previous
    request.line = request.next = request.previous = undefined
    this.length--
    if (this.tally !== undefined) this.tally.count--
  }

  shift(): FileRequest | undefined {
    const { first } = this
    if (first !== undefined) this.remove(first)
    return first
  }

  list(): Array<FileRequest> {
    const requests: Array<FileRequest> = []
    for (let one = this.first; one !== undefined; one = one.next) requests.push(one)
    return requests
  }
}
