/**
 * The configurations that a search has been at: which operations are in the order, and the state
 * they lead to. From the same configuration the rest goes the same way, so once is enough.
 *
 * Entries are compared word by word, never by their hash alone: a collision would hide an order.
 */
import type { StateKey } from "./Model.ts"

interface Entry {
  readonly key: StateKey
  /** Words before this one are full. */
  readonly from: number
  readonly words: Uint32Array
}

export class Configurations {
  /** How many there are. */
  size = 0
  private readonly bits: Uint32Array
  private readonly entries = new Map<number, Array<Entry>>()
  private hash = 0

  /** Of operations with positions from 0 to `count` - 1, none of them in. */
  constructor(count: number) {
    this.bits = new Uint32Array((count >>> 5) + 1)
  }

  has(position: number): boolean {
    return (this.bits[position >>> 5]! & (1 << (position & 31))) !== 0
  }

  /** Puts the operation in, or takes it out. */
  flip(position: number): void {
    this.bits[position >>> 5]! ^= 1 << (position & 31)
    this.hash ^= mix(position)
  }

  /** False when it has been at the present operations with `key` before. */
  add(key: StateKey): boolean {
    const hash = this.hash ^ hashOf(key)
    let bucket = this.entries.get(hash)
    if (bucket === undefined) this.entries.set(hash, (bucket = []))
    else if (bucket.some((entry) => entry.key === key && this.isAt(entry))) return false
    bucket.push({ key, ...this.snapshot() })
    this.size++
    return true
  }

  // Operations get into the order nearly as they were called: full words, a few mixed ones, empty
  // ones. Only the mixed ones are kept.
  private snapshot(): { readonly from: number; readonly words: Uint32Array } {
    const { bits } = this
    let from = 0
    while (from < bits.length && bits[from] === 0xffff_ffff) from++
    let end = bits.length
    while (end > from && bits[end - 1] === 0) end--
    return { from, words: bits.slice(from, end) }
  }

  private isAt({ from, words }: Entry): boolean {
    const { bits } = this
    for (let at = 0; at < bits.length; at++) {
      const word = at < from ? 0xffff_ffff : (words[at - from] ?? 0)
      if (bits[at] !== word) return false
    }
    return true
  }
}

const mix = (value: number): number => {
  let mixed = Math.imul(value + 1, 0x9e3779b9)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  return mixed ^ (mixed >>> 13)
}

const hashOf = (key: StateKey): number => {
  if (typeof key === "number") return mix(key | 0)
  const text = String(key)
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}
