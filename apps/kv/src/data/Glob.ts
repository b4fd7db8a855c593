/**
 * Patterns of keys and channels: `*`, `?`, `[a-z]`, `[^a]`, and `\` before what is meant as it is.
 *
 * Bytes are compared. Of several `*` only the last is tried again, so matching takes at most the
 * product of both lengths.
 */
import type { Bytes } from "../resp/Ascii.ts"

const star = 0x2a
const question = 0x3f
const open = 0x5b
const close = 0x5d
const caret = 0x5e
const dash = 0x2d
const backslash = 0x5c

/** Whether `byte` is in the class that begins after `[`; where the pattern goes on. */
const inClass = (pattern: Bytes, from: number, byte: number): readonly [boolean, number] => {
  let at = from
  const isNegated = pattern[at] === caret
  if (isNegated) at++
  let isFound = false
  for (; at < pattern.length && pattern[at] !== close; at++) {
    if (pattern[at] === backslash && at + 1 < pattern.length) at++
    let low = pattern[at]!
    let high = low
    if (pattern[at + 1] === dash && at + 2 < pattern.length && pattern[at + 2] !== close) {
      at += 2
      high = pattern[at]!
      if (low > high) [low, high] = [high, low]
    }
    if (byte >= low && byte <= high) isFound = true
  }
  return [isFound !== isNegated, Math.min(at + 1, pattern.length)]
}

/** Where the pattern goes on after one part that matches `byte`; -1 when it does not. */
const matchOne = (pattern: Bytes, at: number, byte: number): number => {
  const mark = pattern[at]!
  if (mark === question) return at + 1
  if (mark === open) {
    const [isIn, next] = inClass(pattern, at + 1, byte)
    return isIn ? next : -1
  }
  const literal = mark === backslash && at + 1 < pattern.length ? at + 1 : at
  return pattern[literal] === byte ? literal + 1 : -1
}

/** Whether the whole text matches. */
export const matches = (pattern: Bytes, text: Bytes): boolean => {
  let at = 0
  let from = 0
  // Behind the last `*`, and the text that it has not taken.
  let afterStar = -1
  let resume = 0
  while (from < text.length) {
    if (at < pattern.length && pattern[at] === star) {
      afterStar = ++at
      resume = from
      continue
    }
    const next = at < pattern.length ? matchOne(pattern, at, text[from]!) : -1
    if (next >= 0) {
      at = next
      from++
      continue
    }
    if (afterStar < 0) return false
    at = afterStar
    from = ++resume
  }
  while (pattern[at] === star) at++
  return at === pattern.length
}
