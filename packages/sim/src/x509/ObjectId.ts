/** Object identifiers, in their dotted form. */
import { type Der, Tag } from "./Der.ts"

export const read = (der: Der): string => {
  const inside = der.enter(Tag.oid)
  const { rest } = inside
  if (rest.length === 0 || rest.length > bytesMax) inside.fail("an identifier of no such length")
  if (rest.at(-1)! >= 0x80) inside.fail("an identifier that ends within a number")
  const arcs: Array<bigint> = []
  let arc = 0n
  let isFirst = true
  for (const byte of rest) {
    if (isFirst && byte === 0x80) inside.fail("an identifier's number that is not the shortest")
    arc = (arc << 7n) | BigInt(byte & 0x7f)
    isFirst = byte < 0x80
    if (!isFirst) continue
    arcs.push(arc)
    arc = 0n
  }
  const [head, ...tail] = arcs
  // The first two numbers are one: 40 × (0, 1 or 2) + the second, which is below 40 except for 2.
  const top = head! < 80n ? head! / 40n : 2n
  return [top, head! - 40n * top, ...tail].join(".")
}

// The longest in use name things by UUIDs, in 20 bytes.
const bytesMax = 64
