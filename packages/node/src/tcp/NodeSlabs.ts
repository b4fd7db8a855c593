/**
 * Where sockets read: one slab for all, and slabs of their own for those that move bulk.
 *
 * A fresh buffer per read lives outside the heap and forces full collections, so Node is told to
 * read into memory that stays (`onread`). Reads that are small are copied out of the shared slab
 * before the callback returns. A socket whose reads are large gets a slab to itself, which can be
 * lent to the reader as it is.
 */
export const slabBytes = 64 * 1024
/** The longest chunk that is copied out of the shared slab into loan memory. */
export const loanBytes = 16 * 1024

/**
 * The bytes of `slab` from `start` to `end`, for users. A plain byte array: a Buffer's `slice`
 * would not copy, and programs would notice which host they are on.
 */
export const view = (slab: Buffer, start: number, end: number): Uint8Array =>
  new Uint8Array(slab.buffer, slab.byteOffset + start, end - start)

/** The same bytes, copied for good. */
export const copy = (slab: Buffer, start: number, end: number): Uint8Array => {
  const bytes = Buffer.allocUnsafe(end - start)
  slab.copy(bytes, 0, start, end)
  return view(bytes, 0, bytes.length)
}

/** Memory for one chunk on loan. Loans are often of one length: the view is used again. */
export class Loan {
  private readonly memory = Buffer.allocUnsafeSlow(loanBytes)
  private bytes = view(this.memory, 0, 0)

  /** The bytes of `slab` from `start` to `end`, copied here. */
  fill(slab: Buffer, start: number, end: number): Uint8Array {
    slab.copy(this.memory, 0, start, end)
    const count = end - start
    if (this.bytes.length !== count) this.bytes = view(this.memory, 0, count)
    return this.bytes
  }
}

export class NodeSlabs {
  /**
   * At rest at most 64 slabs (4 MiB), in use at most 256 (16 MiB); beyond that reads are copied.
   */
  private static readonly idleMax = 64
  private static readonly ownedMax = 256
  readonly shared = Buffer.allocUnsafeSlow(slabBytes)
  private readonly idle: Array<Buffer> = []
  private owned = 0
  /** At rest at most 32 (512 KiB), out at most 256 (4 MiB); beyond that a loan is a plain copy. */
  private static readonly loansMax = 256
  private static readonly loansIdleMax = 32
  private readonly loans: Array<Loan> = []
  private loansOut = 0
  private next: Buffer | undefined

  /** A slab of one's own, or undefined when too many are out. */
  acquire(): Buffer | undefined {
    if (this.owned >= NodeSlabs.ownedMax) return undefined
    this.owned++
    return this.idle.pop() ?? Buffer.allocUnsafeSlow(slabBytes)
  }

  release(slab: Buffer): void {
    this.owned--
    if (this.idle.length < NodeSlabs.idleMax) this.idle.push(slab)
  }

  /** Loan memory, or undefined when too much is out. Back with `endLoan`. */
  startLoan(): Loan | undefined {
    if (this.loansOut >= NodeSlabs.loansMax) return undefined
    this.loansOut++
    return this.loans.pop() ?? new Loan()
  }

  endLoan(loan: Loan): void {
    this.loansOut--
    if (this.loans.length < NodeSlabs.loansIdleMax) this.loans.push(loan)
  }

  /** The owner keeps the memory for ever: it no longer counts, and never comes back. */
  giveAway(): void {
    this.owned--
  }

  /**
   * Node asks for the next buffer of a socket right after that socket's read callback, through a
   * function without an argument. So the callback leaves the answer here: one function serves all
   * sockets. Undefined means "as before".
   */
  readonly answer = (): Buffer => {
    const next = this.next
    this.next = undefined
    return next as Buffer
  }

  /** Sets what `answer` says next. */
  useNext(slab: Buffer): void {
    this.next = slab
  }
}
