/**
 * The requests on one handle, in the order in which they came, linked through themselves: a `Set`
 * would give each of them a hash, and make its table anew every few reads.
 */
import type { FileRequest } from "./FileRequest.ts"

export class RequestSet implements Iterable<FileRequest> {
  private first: FileRequest | undefined = undefined
  private last: FileRequest | undefined = undefined
  size = 0

  add(request: FileRequest): void {
    request.isOnHandle = true
    request.earlier = this.last
    if (this.last === undefined) this.first = request
    else this.last.later = request
    this.last = request
    this.size++
  }

  /** Whether it was there. */
  delete(request: FileRequest): boolean {
    if (!request.isOnHandle) return false
    request.isOnHandle = false
    const { earlier, later } = request
    if (earlier === undefined) this.first = later
    else earlier.later = later
    if (later === undefined) this.last = earlier
    else later.earlier = earlier
    request.earlier = request.later = undefined
    this.size--
    return true
  }

  *[Symbol.iterator](): IterableIterator<FileRequest> {
    for (let one = this.first; one !== undefined; one = one.later) yield one
  }
}
