/**
 * What one TLS socket has decrypted and nobody has taken.
 *
 * Node decrypts a record at a time, at most 16 KiB, into the slab that all sockets share. What is
 * not taken while its callback runs is copied and waits. One read of the kernel's (64 KiB) may hold
 * several records, and Node hands over all of them, though it was told to stop after the first.
 *
 * Full records come in rows: they are gathered in a slab of the socket's own, and told as one chunk
 * when the host has read what it had. One by one, each would be a resume, a write and a system call
 * of its own.
 */
import type { TLSSocket } from "node:tls"
import { copy, type Loan, loanBytes, type NodeSlabs, slabBytes, view } from "../tcp/NodeSlabs.ts"

/** The longest record. */
const recordBytes = 16 * 1024
/** Records that found nothing gathered, until the slab is given back. */
const aloneMax = 16

/** What to do about a record: tell at once, in a later callback, not at all, or stop reading. */
export type Received = "now" | "later" | "told" | "full"

interface ReadingHandle {
  useUserBuffer?(slab: Buffer): void
}

export class NodeTlsReceiver {
  private readonly slabs: NodeSlabs | undefined
  /** The record in the slab, while its callback runs. */
  private start = 0
  private end = 0
  /** In order; the first from `taken` on. */
  private readonly waiting: Array<Buffer> = []
  private taken = 0
  private loan: Loan | undefined
  /** Gathered records, before those in `waiting`; what was lent lies before `gatheredStart`. */
  private gathered: Buffer | undefined
  private gatheredStart = 0
  private gatheredEnd = 0
  private isLent = false
  private alone = 0
  private isDisposed = false

  /** Without slabs every chunk is Node's own (`hold`). */
  constructor(slabs: NodeSlabs | undefined) {
    this.slabs = slabs
  }

  /**
   * Makes Node read a secure socket into the slab, as the option `onread` does for sockets that
   * `node:tls` connects itself: it keeps the option under symbols, which wrapped sockets have, too.
   * `onRecord` is told what to do. False on a Node that keeps them elsewhere; nothing has changed
   * then.
   */
  readInto(socket: TLSSocket, onRecord: (received: Received) => void): boolean {
    const slab = this.slabs?.shared
    const symbols = Object.getOwnPropertySymbols(socket)
    const named = (name: string) => symbols.find(({ description }) => description === name)
    const [buffer, callback, next] = [named("kBuffer"), named("kBufferCb"), named("kBufferGen")]
    const { _handle: handle } = socket as unknown as { readonly _handle: ReadingHandle | null }
    if (buffer === undefined || callback === undefined || next === undefined) return false
    if (slab === undefined || typeof handle?.useUserBuffer !== "function") return false
    const onRead = (count: number): true => {
      onRecord(this.received(slab, count))
      return true
    }
    Object.assign(socket, { [buffer]: slab, [callback]: onRead, [next]: null })
    handle.useUserBuffer(slab)
    return true
  }

  // Behind others that wait there is nothing to tell: they are readable already.
  private received(slab: Buffer, count: number): Received {
    if (this.isDisposed) return "told"
    const isFirst = this.length === 0
    if (isFirst && count < recordBytes) return this.receivedAlone(count)
    if (this.waiting.length === 0 && this.gather(slab, count)) return "later"
    if (isFirst) return this.receivedAlone(count)
    this.waiting.push(Buffer.from(slab.subarray(0, count)))
    return this.gathered === undefined ? "told" : "full"
  }

  private receivedAlone(count: number): "now" {
    this.start = 0
    this.end = count
    if (this.gathered !== undefined && !this.isLent && ++this.alone > aloneMax) this.giveBack()
    return "now"
  }

  // What is lent stays where it is: records are put behind it.
  private gather(slab: Buffer, count: number): boolean {
    this.gathered ??= this.slabs!.acquire()
    const { gathered } = this
    if (gathered === undefined) return false
    this.alone = 0
    if (this.gatheredStart === this.gatheredEnd && !this.isLent) {
      this.gatheredStart = this.gatheredEnd = 0
    }
    if (this.gatheredEnd + count > slabBytes) return false
    slab.copy(gathered, this.gatheredEnd, 0, count)
    this.gatheredEnd += count
    return true
  }

  private giveBack(): void {
    if (this.gathered !== undefined) this.slabs!.release(this.gathered)
    this.gathered = undefined
    this.gatheredStart = this.gatheredEnd = this.alone = 0
  }

  /** The callback ends; what nobody took waits. True when that is nothing. */
  settle(): boolean {
    if (this.start < this.end) this.waiting.push(this.rest())
    this.start = this.end = 0
    return this.length === 0
  }

  private rest(): Buffer {
    return Buffer.from(this.slabs!.shared.subarray(this.start, this.end))
  }

  /** A chunk of Node's own. */
  hold(chunk: Buffer): void {
    this.waiting.push(chunk)
  }

  /** Bytes that the next `take` has at most; 0 when there are none. */
  get length(): number {
    if (this.gatheredStart < this.gatheredEnd) return this.gatheredEnd - this.gatheredStart
    const [first] = this.waiting
    return first === undefined ? this.end - this.start : first.length - this.taken
  }

  /** Up to `bytesMax` bytes, there being some. Ends an earlier loan. */
  take(bytesMax: number, keep: boolean): Uint8Array {
    this.endLoan()
    if (this.gatheredStart < this.gatheredEnd) return this.takeGathered(bytesMax, keep)
    const [first] = this.waiting
    if (first !== undefined) return this.takeWaiting(first, bytesMax)
    const { start } = this
    const slabs = this.slabs!
    const end = (this.start = Math.min(this.end, start + bytesMax))
    if (!keep && end - start <= loanBytes) this.loan = slabs.startLoan()
    return this.loan?.fill(slabs.shared, start, end) ?? copy(slabs.shared, start, end)
  }

  private takeGathered(bytesMax: number, keep: boolean): Uint8Array {
    const { gathered, gatheredStart: start } = this
    const end = (this.gatheredStart = Math.min(this.gatheredEnd, start + bytesMax))
    this.isLent = !keep
    return keep ? copy(gathered!, start, end) : view(gathered!, start, end)
  }

  // Nobody else has this memory.
  private takeWaiting(first: Buffer, bytesMax: number): Uint8Array {
    const { taken } = this
    const end = Math.min(first.length, taken + bytesMax)
    if (end === first.length) {
      this.waiting.shift()
      this.taken = 0
    } else this.taken = end
    return view(first, taken, end)
  }

  /** The borrower is done with what it was lent. */
  endLoan(): void {
    this.isLent = false
    if (this.loan === undefined) return
    this.slabs!.endLoan(this.loan)
    this.loan = undefined
  }

  dispose(): void {
    this.isDisposed = true
    this.endLoan()
    this.giveBack()
    this.waiting.length = 0
    this.start = this.end = this.taken = 0
  }
}
