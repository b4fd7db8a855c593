/**
 * Names in Unicode as DNS and certificates write them: A-labels (RFC 5890), by Punycode (RFC 3492).
 *
 * Letters are lowered and composed first (RFC 5895); what IDNA 2008 does not allow in a label is
 * not looked for: such a name matches no certificate that an authority may sign.
 */
const base = 36
const tMin = 1
const tMax = 26
const skew = 38
const damp = 700

/** The name in lower-case ASCII, or undefined when it is too long to be one. */
export const toAscii = (name: string): string | undefined => {
  const labels = name
    .normalize("NFKC")
    .toLowerCase()
    .split(/[.\u3002]/)
    .map((label) => (isAscii(label) ? label : `xn--${punycode(label)}`))
  const ascii = labels.join(".")
  const isSound = ascii.length <= 253 && labels.every((label) => label.length <= 63)
  return isSound ? ascii : undefined
}

const isAscii = (text: string): boolean => {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 0x80) return false
  return true
}

const digit = (value: number): string =>
  String.fromCharCode(value < 26 ? 0x61 + value : 0x30 + value - 26)

const adapt = (delta: number, points: number, isFirst: boolean): number => {
  let left = isFirst ? Math.floor(delta / damp) : delta >> 1
  left += Math.floor(left / points)
  let k = 0
  for (; left > ((base - tMin) * tMax) >> 1; k += base) left = Math.floor(left / (base - tMin))
  return k + Math.floor(((base - tMin + 1) * left) / (left + skew))
}

const variable = (delta: number, bias: number): string => {
  let text = ""
  let rest = delta
  for (let k = base; ; k += base) {
    const threshold = k <= bias ? tMin : k >= bias + tMax ? tMax : k - bias
    if (rest < threshold) return text + digit(rest)
    text += digit(threshold + ((rest - threshold) % (base - threshold)))
    rest = Math.floor((rest - threshold) / (base - threshold))
  }
}

const punycode = (label: string): string => {
  const points = Array.from(label, (character) => character.codePointAt(0)!)
  const basic = points.filter((point) => point < 0x80)
  let text = String.fromCodePoint(...basic) + (basic.length > 0 ? "-" : "")
  let handled = basic.length
  let [n, delta, bias] = [0x80, 0, 72]
  while (handled < points.length) {
    const next = Math.min(...points.filter((point) => point >= n))
    delta += (next - n) * (handled + 1)
    n = next
    for (const point of points) {
      if (point < n) delta++
      if (point !== n) continue
      text += variable(delta, bias)
      bias = adapt(delta, handled + 1, handled === basic.length)
      delta = 0
      handled++
    }
    delta++
    n++
  }
  return text
}
