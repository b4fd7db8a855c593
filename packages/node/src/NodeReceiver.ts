/**
 * What one socket has read and not handed over: at most one chunk.
 *
 * While the read callback runs the chunk lies in the slab; if nobody took it by the end, it is
 * copied (shared slab) or stays where it is (own slab), and reading pauses.
 */
import { type NodeSlabs, slabBytes } from "./NodeSlabs.ts"

// From this size on a slab to oneself beats copying out; below it, again and again, it does not.
const bulkBytes = 16 * 1024
const smallReadsMax = 16

const powerOfTwo = (count: number): number => (count <= 64 ? 64 : 2 ** Math.ceil(Math.log2(count)))

export class NodeReceiver {
  private readonly slabs: NodeSlabs
  private chunk: Buffer | undefined
  private start = 0
  private end = 0
  private own: Buffer | undefined
  /** The own slab is being read by whoever borrowed from it. */
  private isLent = false
  /** Node asks for the next slab when the read callback returns, and at no other time. */
  private isReading = false
  private smallReads = 0
  // Borrowed bytes that were copied lie here, and the view is used again for the same length.
  private borrow: Buffer | undefined
  private borrowView: Buffer | undefined

  constructor(slabs: NodeSlabs) {
    this.slabs = slabs
  }

  get length(): number {
    return this.end - this.start
  }

  /** Node has put `count` bytes at the start of `slab`. */
  received(slab: Buffer, count: number): void {
    this.chunk = slab
    this.start = 0
    this.end = count
    this.isReading = true
  }

  /** The read callback ends. True when Node may go on reading into a slab that is free. */
  settle(): boolean {
    const { own, chunk } = this
    this.isReading = false
    if (this.length === 0) {
      this.chunk = undefined
      if (this.isLent) return false
      this.chooseNext(this.end)
      return true
    }
    if (chunk !== own) this.holdCopy(chunk!)
    return false
  }

  private holdCopy(chunk: Buffer): void {
    this.chunk = Buffer.from(chunk.subarray(this.start, this.end))
    this.end -= this.start
    this.start = 0
  }

  /** An owned chunk from elsewhere (the fallback without slabs). */
  hold(chunk: Buffer): void {
    this.chunk = chunk
    this.start = 0
    this.end = chunk.length
  }

  /** Up to `bytesMax` bytes, there being some. Ends an earlier loan. */
  take(bytesMax: number, keep: boolean): Buffer {
    const chunk = this.chunk!
    const start = this.start
    const end = Math.min(this.end, start + bytesMax)
    this.start = end
    this.isLent = false
    if (chunk === this.own)
      return keep ? this.keepFromOwn(chunk, start, end) : this.lend(chunk, start, end)
    // A held copy is nobody else's any more.
    if (chunk !== this.slabs.shared) return chunk.subarray(start, end)
    return keep || end - start > bulkBytes
      ? Buffer.from(chunk.subarray(start, end))
      : this.copyForLoan(chunk, start, end)
  }

  /** The borrower is done with what it was lent. */
  endLoan(): void {
    this.isLent = false
  }

  /** Nothing is held and nothing is lent: Node may read. */
  get isFree(): boolean {
    return this.start === this.end && !this.isLent
  }

  private lend(own: Buffer, start: number, end: number): Buffer {
    this.isLent = true
    return own.subarray(start, end)
  }

  // A chunk that fills half a slab is cheaper given away with its memory than copied: possible
  // only while Node is about to ask for another.
  private keepFromOwn(own: Buffer, start: number, end: number): Buffer {
    const isWhole = this.isReading && start === 0 && end === this.end && end >= slabBytes / 2
    if (!isWhole) return Buffer.from(own.subarray(start, end))
    this.slabs.giveAway()
    this.own = undefined
    return own.subarray(0, end)
  }

  private copyForLoan(chunk: Buffer, start: number, end: number): Buffer {
    const count = end - start
    let borrow = this.borrow
    if (borrow === undefined || borrow.length < count) {
      borrow = this.borrow = this.borrowView = Buffer.allocUnsafe(powerOfTwo(count))
    }
    chunk.copy(borrow, 0, start, end)
    if (this.borrowView!.length !== count) this.borrowView = borrow.subarray(0, count)
    return this.borrowView!
  }

  // Bulk gets a slab of its own, as long as it stays bulk.
  private chooseNext(count: number): void {
    if (count >= bulkBytes) {
      this.smallReads = 0
      if (this.own === undefined) this.changeTo(this.slabs.acquire())
    } else if (this.own !== undefined && ++this.smallReads > smallReadsMax) {
      this.slabs.release(this.own)
      this.changeTo(undefined)
    } else if (this.own === undefined && this.smallReads > 0) {
      this.smallReads = 0
    }
  }

  private changeTo(own: Buffer | undefined): void {
    this.own = own
    this.slabs.useNext(own ?? this.slabs.shared)
  }

  /** The socket is closed: nothing reads into the slab any more. */
  dispose(): void {
    if (this.own !== undefined) this.slabs.release(this.own)
    this.own = undefined
    this.chunk = undefined
    this.start = this.end = 0
  }
}
