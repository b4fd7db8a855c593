/**
 * What one socket has read and not handed over: at most one chunk, and one behind a small one.
 *
 * While the read callback runs the chunk lies in the slab; if nobody took it by the end, it is
 * copied (shared slab) or stays where it is (own slab), and reading pauses. Behind a small chunk it
 * goes on: a fiber that was put off takes it later in the turn, mostly before the peer has sent
 * more, and a pause and its end would cost two system calls.
 */
import { copy, type Loan, loanBytes, type NodeSlabs, slabBytes, view } from "./NodeSlabs.ts"

// From this size on a slab to oneself beats copying out; below it, again and again, it does not.
const bulkBytes = loanBytes
const smallReadsMax = 16

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
  /** There was a chunk already when this one came. */
  private isBehind = false
  private smallReads = 0
  /** Where borrowed bytes lie that had to leave the shared slab. */
  private loan: Loan | undefined

  constructor(slabs: NodeSlabs) {
    this.slabs = slabs
  }

  get length(): number {
    return this.end - this.start
  }

  /** Node has put `count` bytes at the start of `slab`. */
  received(slab: Buffer, count: number): void {
    this.isReading = true
    this.isBehind = this.length > 0
    this.chunk = this.isBehind ? this.joined(slab.subarray(0, count)) : slab
    this.start = 0
    this.end = this.isBehind ? this.chunk.length : count
  }

  private joined(chunk: Buffer): Buffer {
    return Buffer.concat([this.chunk!.subarray(this.start, this.end), chunk])
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
    if (chunk === own || this.isBehind) return false
    this.holdCopy(chunk!)
    return own === undefined && this.length < bulkBytes
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
  take(bytesMax: number, keep: boolean): Uint8Array {
    const chunk = this.chunk!
    const start = this.start
    const end = Math.min(this.end, start + bytesMax)
    this.start = end
    this.endLoan()
    if (chunk === this.own)
      return keep ? this.keepFromOwn(chunk, start, end) : this.lend(chunk, start, end)
    // A held copy is nobody else's any more.
    if (chunk !== this.slabs.shared) return view(chunk, start, end)
    if (!keep && end - start <= loanBytes) this.loan = this.slabs.startLoan()
    return this.loan === undefined ? copy(chunk, start, end) : this.loan.fill(chunk, start, end)
  }

  /** The borrower is done with what it was lent. */
  endLoan(): void {
    this.isLent = false
    if (this.loan === undefined) return
    this.slabs.endLoan(this.loan)
    this.loan = undefined
  }

  /** Nothing is held and nothing is lent: Node may read. */
  get isFree(): boolean {
    return this.start === this.end && !this.isLent
  }

  private lend(own: Buffer, start: number, end: number): Uint8Array {
    this.isLent = true
    return view(own, start, end)
  }

  // A chunk that fills half a slab is cheaper given away with its memory than copied: possible
  // only while Node is about to ask for another.
  private keepFromOwn(own: Buffer, start: number, end: number): Uint8Array {
    const isWhole = this.isReading && start === 0 && end === this.end && end >= slabBytes / 2
    if (!isWhole) return copy(own, start, end)
    this.slabs.giveAway()
    this.own = undefined
    return view(own, 0, end)
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
    this.endLoan()
    if (this.own !== undefined) this.slabs.release(this.own)
    this.own = undefined
    this.chunk = undefined
    this.start = this.end = 0
  }
}
