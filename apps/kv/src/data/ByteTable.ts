/**
 * Nodes by their keys, which are bytes: looked up where they lie in a request, without a copy.
 *
 * Buckets grow and shrink one at a time (W. Litwin, Linear hashing, 1980), so no insertion pays for
 * all. The nodes are in an array, too, which a scan walks from its end: a node that is removed
 * gives its place to the last one, so whatever is there during a whole scan is seen.
 *
 * The hash multiplies by a secret, so that who chooses keys cannot choose a bucket.
 */
import type { Bytes } from "../resp/Ascii.ts"

export interface Secret {
  /** Any 32 bits. */
  readonly seed: number
}

export class Node {
  readonly key: Bytes
  hash = 0
  next: this | undefined = undefined
  /** Its place in the array of nodes. */
  slot = 0

  constructor(key: Bytes) {
    this.key = key
  }
}

const firstBuckets = 4

export class ByteTable<N extends Node> {
  /** Dense, in no order. */
  readonly nodes: Array<N> = []
  private buckets: Array<N | undefined> = [undefined, undefined, undefined, undefined]
  // Buckets at the last doubling: a power of two. Those below `split` were split since.
  private round = firstBuckets
  private split = 0
  private readonly seed: number
  private readonly multiplier: number

  constructor({ seed }: Secret) {
    this.seed = seed
    this.multiplier = (seed << 3) | 0x1000_0005
  }

  get size(): number {
    return this.nodes.length
  }

  find(bytes: Bytes, start = 0, end = bytes.length): N | undefined {
    const hash = this.hashOf(bytes, start, end)
    let node = this.buckets[this.bucketOf(hash)]
    for (; node !== undefined; node = node.next) {
      if (node.hash === hash && equals(node.key, bytes, start, end)) return node
    }
    return undefined
  }

  /** Its key is not there yet. */
  add(node: N): void {
    node.hash = this.hashOf(node.key, 0, node.key.length)
    node.slot = this.nodes.length
    this.nodes.push(node)
    const bucket = this.bucketOf(node.hash)
    node.next = this.buckets[bucket]
    this.buckets[bucket] = node
    if (this.nodes.length > this.buckets.length) this.grow()
  }

  /** It is there. */
  remove(node: N): void {
    const bucket = this.bucketOf(node.hash)
    let before: N | undefined
    let found = this.buckets[bucket]
    for (; found !== node; found = found!.next) before = found
    if (before === undefined) this.buckets[bucket] = node.next
    else before.next = node.next
    node.next = undefined
    const last = this.nodes.pop()!
    if (last !== node) {
      this.nodes[node.slot] = last
      last.slot = node.slot
    }
    if (this.buckets.length > firstBuckets && 4 * this.nodes.length < this.buckets.length) {
      this.shrink()
    }
  }

  /**
   * Shows up to `count` nodes to `see`, and gives the cursor to go on with: 0 at the end, and to
   * begin. What is there from the first call to the last is seen, perhaps more than once; `see`
   * may remove the node that it is shown.
   */
  scan(cursor: number, count: number, see: (node: N) => void): number {
    const from = cursor === 0 ? this.nodes.length : Math.min(cursor, this.nodes.length)
    const to = Math.max(0, from - count)
    for (let slot = from - 1; slot >= to; slot--) see(this.nodes[slot]!)
    return to
  }

  private hashOf(bytes: Bytes, start: number, end: number): number {
    const { multiplier } = this
    let hash = this.seed ^ (end - start)
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, multiplier)
    hash ^= hash >>> 15
    hash = Math.imul(hash, 0x2c1b_3c6d)
    return hash ^ (hash >>> 13)
  }

  private bucketOf(hash: number): number {
    const bucket = hash & (this.round - 1)
    return bucket < this.split ? hash & (2 * this.round - 1) : bucket
  }

  private grow(): void {
    const { buckets, round, split } = this
    let stay: N | undefined
    let move: N | undefined
    for (let node = buckets[split]; node !== undefined;) {
      const { next }: { readonly next: N | undefined } = node
      if ((node.hash & round) === 0) {
        node.next = stay
        stay = node
      } else {
        node.next = move
        move = node
      }
      node = next
    }
    buckets[split] = stay
    buckets.push(move)
    this.split++
    if (this.split < round) return
    this.round *= 2
    this.split = 0
  }

  private shrink(): void {
    if (this.split === 0) {
      this.round /= 2
      this.split = this.round
    }
    this.split--
    let node = this.buckets.pop()
    while (node !== undefined) {
      const { next }: { readonly next: N | undefined } = node
      node.next = this.buckets[this.split]
      this.buckets[this.split] = node
      node = next
    }
  }
}

const equals = (key: Bytes, bytes: Bytes, start: number, end: number): boolean => {
  if (key.length !== end - start) return false
  for (let at = 0, from = start; from < end; at++, from++) if (key[at] !== bytes[from]) return false
  return true
}
