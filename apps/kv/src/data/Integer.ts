/** Whole numbers of 64 bits as texts: a `number` where it is exact, else a `bigint`. */
import { type Bytes, MINUS, ZERO } from "../resp/Ascii.ts"

export type Integer = bigint | number

const exactDigits = 15
const min = -(2n ** 63n)
const max = 2n ** 63n - 1n

/** Undefined when it is no such number, or written otherwise than it would be here: `01`, `+1`. */
export const parse = (bytes: Bytes, start = 0, end = bytes.length): Integer | undefined => {
  const isNegative = start < end && bytes[start] === MINUS
  const first = isNegative ? start + 1 : start
  const digits = end - first
  if (digits < 1 || digits > 19) return undefined
  if (bytes[first] === ZERO && (digits > 1 || isNegative)) return undefined
  const isExact = digits <= exactDigits
  let value = 0
  let big = 0n
  for (let at = first; at < end; at++) {
    const digit = bytes[at]! - ZERO
    if (digit < 0 || digit > 9) return undefined
    if (isExact) value = value * 10 + digit
    else big = big * 10n + BigInt(digit)
  }
  if (isExact) return isNegative ? -value : value
  return within(isNegative ? -big : big)
}

/** As a `number` where it is exact; undefined beyond 64 bits. */
const within = (value: bigint): Integer | undefined => {
  if (value < min || value > max) return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** Undefined when it would not fit into 64 bits. */
export const add = (one: Integer, other: Integer): Integer | undefined => {
  if (typeof one === "number" && typeof other === "number") {
    const sum = one + other
    if (Number.isSafeInteger(sum)) return sum
  }
  return within(BigInt(one) + BigInt(other))
}

/** Undefined for the one number whose negation does not fit. */
export const negate = (value: Integer): Integer | undefined =>
  typeof value === "number" ? 0 - value : within(-value)
