/**
 * The bytes of a file, sparse: pages that nobody wrote are not there, and read as zeroes.
 *
 * Two contents may share pages; one that is shared is copied before it is written.
 */
export const pageBytes = 4096

interface Page {
  readonly bytes: Uint8Array
  isShared: boolean
}

/** Of all that was allocated and not written yet. */
const zeroes: Page = { bytes: new Uint8Array(pageBytes), isShared: true }

export class Content {
  /** The length; there may be fewer pages, and none beyond it. */
  bytes = 0
  private readonly pages = new Map<number, Page>()

  /** Pages that take space. */
  get pageCount(): number {
    return this.pages.size
  }

  /** Fills `into` from `position`; how many bytes: fewer than fit only at the end. */
  read(position: number, into: Uint8Array): number {
    const length = Math.max(0, Math.min(into.length, this.bytes - position))
    for (let done = 0; done < length;) {
      const at = position + done
      const offset = at % pageBytes
      const count = Math.min(pageBytes - offset, length - done)
      const page = this.pages.get((at - offset) / pageBytes)
      if (page === undefined) into.fill(0, done, done + count)
      else into.set(page.bytes.subarray(offset, offset + count), done)
      done += count
    }
    return length
  }

  /** Beyond the end, it grows; what lies between is zeroes. */
  write(position: number, from: Uint8Array): void {
    for (let done = 0; done < from.length;) {
      const at = position + done
      const offset = at % pageBytes
      const count = Math.min(pageBytes - offset, from.length - done)
      const page = this.ownPage((at - offset) / pageBytes)
      page.set(count === from.length ? from : from.subarray(done, done + count), offset)
      done += count
    }
    if (from.length > 0) this.bytes = Math.max(this.bytes, position + from.length)
  }

  /** Cuts, or extends with zeroes. */
  resize(bytes: number): void {
    if (bytes < this.bytes) {
      const kept = Math.ceil(bytes / pageBytes)
      for (const index of this.pages.keys()) if (index >= kept) this.pages.delete(index)
      const offset = bytes % pageBytes
      if (offset > 0 && this.pages.has(kept - 1)) this.ownPage(kept - 1).fill(0, offset)
    }
    this.bytes = bytes
  }

  /** Gives the range pages, and the length for it. */
  allocate(position: number, bytes: number): void {
    const end = position + bytes
    for (let index = Math.floor(position / pageBytes); index * pageBytes < end; index++) {
      if (!this.pages.has(index)) this.pages.set(index, zeroes)
    }
    this.bytes = Math.max(this.bytes, end)
  }

  /** How many of `length` bytes from `position` fit when so many pages may be added. */
  fitting(position: number, length: number, pagesFree: number): number {
    const end = position + length
    let left = pagesFree
    for (let index = Math.floor(position / pageBytes); index * pageBytes < end; index++) {
      if (this.pages.has(index) || left-- > 0) continue
      return Math.max(0, index * pageBytes - position)
    }
    return length
  }

  /** The same bytes, sharing all pages. */
  copy(): Content {
    const copy = new Content()
    copy.bytes = this.bytes
    for (const [index, page] of this.pages) {
      page.isShared = true
      copy.pages.set(index, page)
    }
    return copy
  }

  private ownPage(index: number): Uint8Array {
    const page = this.pages.get(index)
    if (page !== undefined && !page.isShared) return page.bytes
    const bytes = page === undefined ? new Uint8Array(pageBytes) : page.bytes.slice()
    this.pages.set(index, { bytes, isShared: false })
    return bytes
  }
}
