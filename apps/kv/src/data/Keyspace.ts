/**
 * All keys: what they hold, when they expire, and what they cost.
 *
 * Synchronous and without a clock: whoever uses it says what time it is. Before anything about a
 * key changes, `Observer.changes` is told, so that a rewrite of the log can save what it was, and a
 * transaction that watches the key knows.
 */
import type { Bytes } from "../resp/Ascii.ts"
import { ByteTable, Node, type Secret } from "./ByteTable.ts"
import { type Expiring, ExpiryHeap } from "./ExpiryHeap.ts"
import { costOfKey, costOfValue, HashValue, ListValue, type Value } from "./Value.ts"

export class Entry extends Node implements Expiring {
  value: Value
  expiresAt = Infinity
  heapPlace = -1
  /** The rewrite that knows it; see `Rewrite`. */
  epoch = 0

  constructor(key: Bytes, value: Value) {
    super(key)
    this.value = value
  }
}

export interface Observer {
  /** It is about to change, to go, or to come: then it holds what it will. */
  readonly changes: (entry: Entry, isNew: boolean) => void
  /** It is about to go because its time is over. */
  readonly expires: (entry: Entry) => void
  /** All are about to go. */
  readonly clears: () => void
}

export class Keyspace {
  /** Milliseconds since 1970. Nothing expires before it is set for the first time. */
  now = -Infinity
  /** Of all keys and values, with what each costs beside its bytes. */
  memoryBytes = 0
  /** Keys that went because their time was over. */
  expired = 0
  observer: Observer | undefined
  readonly expiring = new ExpiryHeap<Entry>()
  private readonly secret: Secret
  private table: ByteTable<Entry>

  constructor(secret: Secret) {
    this.secret = secret
    this.table = new ByteTable(secret)
  }

  get size(): number {
    return this.table.size
  }

  /** Dense, in no order; may hold some whose time is over. */
  get entries(): ReadonlyArray<Entry> {
    return this.table.nodes
  }

  find(bytes: Bytes, start = 0, end = bytes.length): Entry | undefined {
    const entry = this.table.find(bytes, start, end)
    if (entry !== undefined && entry.expiresAt <= this.now) {
      this.expire(entry)
      return undefined
    }
    return entry
  }

  /** See `ByteTable.scan`. */
  scan(cursor: number, count: number, see: (entry: Entry) => void): number {
    return this.table.scan(cursor, count, (entry) => {
      if (entry.expiresAt <= this.now) this.expire(entry)
      else see(entry)
    })
  }

  /** To be called before what `entry` holds is changed in its place. */
  changes(entry: Entry): void {
    this.observer?.changes(entry, false)
  }

  /** To be called with what a change in place cost, or gave back. */
  account(bytes: number): void {
    this.memoryBytes += bytes
  }

  /** The key is not there. It and the value are the keyspace's from now on. */
  add(key: Bytes, value: Value): Entry {
    const entry = new Entry(key, value)
    this.memoryBytes += costOfKey(key) + costOfValue(value)
    this.table.add(entry)
    this.observer?.changes(entry, true)
    return entry
  }

  /** Puts a value in the place of another; the time to live stays. */
  replace(entry: Entry, value: Value): void {
    this.changes(entry)
    this.memoryBytes += costOfValue(value) - costOfValue(entry.value)
    entry.value = value
  }

  /** SET: copies key and value out of `bytes`; the time to live goes unless it is kept. */
  put(
    bytes: Bytes,
    keyStart: number,
    keyEnd: number,
    start: number,
    end: number,
    keepsTtl: boolean
  ): Entry {
    const entry = this.find(bytes, keyStart, keyEnd)
    if (entry === undefined) return this.add(bytes.slice(keyStart, keyEnd), bytes.slice(start, end))
    const { value } = entry
    if (value instanceof Uint8Array && value.length === end - start && value.length <= 64) {
      this.changes(entry)
      for (let at = 0, from = start; from < end; at++, from++) value[at] = bytes[from]!
    } else this.replace(entry, bytes.slice(start, end))
    if (!keepsTtl && entry.heapPlace >= 0) this.setExpiry(entry, Infinity)
    return entry
  }

  remove(entry: Entry): void {
    this.changes(entry)
    this.drop(entry)
  }

  /** Milliseconds since 1970; Infinity: never. */
  setExpiry(entry: Entry, expiresAt: number): void {
    this.changes(entry)
    entry.expiresAt = expiresAt
    this.expiring.update(entry)
  }

  /** What it costs, with what it holds. */
  costOf({ key, value }: Entry): number {
    return costOfKey(key) + costOfValue(value)
  }

  newList(): ListValue {
    return new ListValue()
  }

  newHash(): HashValue {
    return new HashValue(this.secret)
  }

  clear(): void {
    this.observer?.clears()
    this.table = new ByteTable(this.secret)
    while (this.expiring.first !== undefined) this.expiring.remove(this.expiring.first)
    this.memoryBytes = 0
  }

  /** Removes what is over, at most `countMax` keys; how many. */
  expireDue(countMax: number): number {
    let count = 0
    for (; count < countMax; count++) {
      const { first } = this.expiring
      if (first === undefined || first.expiresAt > this.now) break
      this.expire(first)
    }
    return count
  }

  private expire(entry: Entry): void {
    this.changes(entry)
    this.observer?.expires(entry)
    this.expired++
    this.drop(entry)
  }

  private drop(entry: Entry): void {
    this.expiring.remove(entry)
    this.table.remove(entry)
    this.memoryBytes -= this.costOf(entry)
  }
}
