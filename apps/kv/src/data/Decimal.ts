/** Numbers with a fraction as texts, without an exponent, as INCRBYFLOAT writes them. */

const fractionDigitsMax = 17

/** Undefined when it is not written as one; infinities are numbers here, NaN is none. */
export const parse = (text: string): number | undefined => {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
}

/** `value` is finite. */
export const format = (value: number): string => {
  const shortest = String(value)
  if (!shortest.includes("e")) return shortest
  if (Math.abs(value) >= 1) return String(BigInt(value))
  return value.toFixed(fractionDigitsMax).replace(/\.?0+$/, "")
}
