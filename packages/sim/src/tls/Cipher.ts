/**
 * What stands for encryption: bytes that do not look like what they were, and a tag by which a
 * change to any of them is noticed. Who knows the handshake knows the key, and the handshake is
 * there to be read: this keeps nothing from anybody. It keeps programs honest, which could
 * otherwise read through TLS, or live with records that a fault has damaged.
 */
import { Prng } from "../Prng.ts"

/** The content's type, and the tag: what RFC 8446 §5.2 adds with AES-GCM. */
export const overheadBytes = 17
const tagBytes = 16

/** `key` has 32 bytes; no two calls for one key may have the same `sequence`. */
export const seal = (
  key: Uint8Array,
  sequence: number,
  type: number,
  content: Uint8Array
): Uint8Array => {
  const sealed = new Uint8Array(content.length + overheadBytes)
  sealed.set(content)
  sealed[content.length] = type
  const inner = sealed.subarray(0, content.length + 1)
  const stream = streamOf(key, sequence)
  sealed.set(tagOf(key, sequence, inner), inner.length)
  cover(inner, stream)
  return sealed
}

export interface Opened {
  readonly type: number
  readonly content: Uint8Array
}

/** Undefined when anything was changed. The bytes are overwritten. */
export const open = (key: Uint8Array, sequence: number, sealed: Uint8Array): Opened | undefined => {
  if (sealed.length < overheadBytes) return undefined
  const inner = sealed.subarray(0, sealed.length - tagBytes)
  cover(inner, streamOf(key, sequence))
  const tag = tagOf(key, sequence, inner)
  if (!tag.every((byte, at) => byte === sealed[inner.length + at])) return undefined
  return { type: inner.at(-1)!, content: inner.subarray(0, -1) }
}

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0

/** 52 bits of the key, and the rest with the sequence number. */
const streamOf = (key: Uint8Array, sequence: number): Prng =>
  new Prng(word(key, 0) * 0x10_0000 + (word(key, 4) >>> 12), word(key, 8) ^ sequence)

/** Once covers, twice uncovers. */
const cover = (bytes: Uint8Array, stream: Prng): void => {
  for (let at = 0; at < bytes.length; at += 4) {
    const mask = stream.next()
    bytes[at]! ^= mask >>> 24
    if (at + 1 < bytes.length) bytes[at + 1]! ^= mask >>> 16
    if (at + 2 < bytes.length) bytes[at + 2]! ^= mask >>> 8
    if (at + 3 < bytes.length) bytes[at + 3]! ^= mask
  }
}

const tagOf = (key: Uint8Array, sequence: number, bytes: Uint8Array): Uint8Array => {
  // FNV-1a, from a basis that the key and the sequence number choose.
  let hash = word(key, 12) ^ sequence
  for (let at = 0; at < bytes.length; at++) hash = Math.imul(hash ^ bytes[at]!, 0x0100_0193)
  const draws = new Prng(hash >>> 0, word(key, 16) ^ bytes.length)
  const tag = new Uint8Array(tagBytes)
  cover(tag, draws)
  return tag
}
