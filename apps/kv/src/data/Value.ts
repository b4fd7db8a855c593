/** What a key can hold, and what that costs in memory. */
import type { Bytes } from "../resp/Ascii.ts"
import { ByteTable, Node, type Secret } from "./ByteTable.ts"
import { Deque } from "./Deque.ts"

/**
 * Beside the bytes themselves, for their objects. With it a key of 16 bytes and its value of 64
 * come to 672; measured with 300,000 of them, memory resident: 700 on Node 26, 320 to 500 on Bun
 * 1.4.
 */
export const bytesOverhead = 224
/** A key's entry, and its places in the tables; the key's and the value's objects come to it. */
const entryOverhead = 144
const fieldOverhead = 88
const placeOverhead = 16
/** More than an argument can cost beside its bytes, whatever it becomes: two make a key with it. */
export const argumentOverhead = (entryOverhead + 2 * bytesOverhead) / 2

export class ListValue extends Deque<Bytes> {
  memoryBytes = 0

  /** What `item` costs here. */
  static costOf(item: Bytes): number {
    return item.length + bytesOverhead + placeOverhead
  }
}

export class Field extends Node {
  value: Bytes

  constructor(key: Bytes, value: Bytes) {
    super(key)
    this.value = value
  }
}

export class HashValue extends ByteTable<Field> {
  memoryBytes = 0

  constructor(secret: Secret) {
    super(secret)
  }

  static costOf({ key, value }: Field): number {
    return key.length + value.length + 2 * bytesOverhead + fieldOverhead
  }
}

export type Value = Bytes | HashValue | ListValue

export type TypeName = "hash" | "list" | "string"

export const typeOf = (value: Value): TypeName => {
  if (value instanceof Uint8Array) return "string"
  return value instanceof ListValue ? "list" : "hash"
}

export const costOfValue = (value: Value): number =>
  value instanceof Uint8Array ? value.length + bytesOverhead : value.memoryBytes + bytesOverhead

export const costOfKey = (key: Bytes): number => key.length + bytesOverhead + entryOverhead
