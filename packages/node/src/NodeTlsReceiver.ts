/**
 * What one TLS socket has decrypted and nobody has taken.
 *
 * Node decrypts a record at a time, at most 16 KiB, into the slab that all sockets share. What is
 * not taken while its callback runs is copied and waits. One read of the kernel's (64 KiB) may hold
 * several records, and Node hands over all of them, though it was told to stop after the first.
 */
import type { TLSSocket } from "node:tls"
import { copy, type Loan, loanBytes, type NodeSlabs, view } from "./NodeSlabs.ts"

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

  /** Without slabs every chunk is Node's own (`hold`). */
  constructor(slabs: NodeSlabs | undefined) {
    this.slabs = slabs
  }

  /**
   * Makes Node read a secure socket into the slab, as the option `onread` does for sockets that
   * `node:tls` connects itself: it keeps the option under symbols, which wrapped sockets have, too.
   * `onRecord` is told, and settles. False on a Node that keeps them elsewhere; nothing has changed
   * then.
   */
  readInto(socket: TLSSocket, onRecord: () => void): boolean {
    const slab = this.slabs?.shared
    const symbols = Object.getOwnPropertySymbols(socket)
    const named = (name: string) => symbols.find(({ description }) => description === name)
    const [buffer, callback, next] = [named("kBuffer"), named("kBufferCb"), named("kBufferGen")]
    const { _handle: handle } = socket as unknown as { readonly _handle: ReadingHandle | null }
    if (buffer === undefined || callback === undefined || next === undefined) return false
    if (slab === undefined || typeof handle?.useUserBuffer !== "function") return false
    const onRead = (count: number): true => {
      if (this.received(slab, count)) onRecord()
      return true
    }
    Object.assign(socket, { [buffer]: slab, [callback]: onRead, [next]: null })
    handle.useUserBuffer(slab)
    return true
  }

  // Behind others that wait there is nothing to tell: they are readable already.
  private received(slab: Buffer, count: number): boolean {
    if (this.waiting.length > 0) {
      this.waiting.push(Buffer.from(slab.subarray(0, count)))
      return false
    }
    this.start = 0
    this.end = count
    return true
  }

  /** The callback ends; what nobody took waits. True when that is nothing. */
  settle(): boolean {
    if (this.start < this.end) this.waiting.push(this.rest())
    this.start = this.end = 0
    return this.waiting.length === 0
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
    const [first] = this.waiting
    return first === undefined ? this.end - this.start : first.length - this.taken
  }

  /** Up to `bytesMax` bytes, there being some. Ends an earlier loan. */
  take(bytesMax: number, keep: boolean): Uint8Array {
    this.endLoan()
    const [first] = this.waiting
    if (first !== undefined) return this.takeWaiting(first, bytesMax)
    const { start } = this
    const slabs = this.slabs!
    const end = (this.start = Math.min(this.end, start + bytesMax))
    if (!keep && end - start <= loanBytes) this.loan = slabs.startLoan()
    return this.loan?.fill(slabs.shared, start, end) ?? copy(slabs.shared, start, end)
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
    if (this.loan === undefined) return
    this.slabs!.endLoan(this.loan)
    this.loan = undefined
  }

  dispose(): void {
    this.endLoan()
    this.waiting.length = 0
    this.start = this.end = this.taken = 0
  }
}
