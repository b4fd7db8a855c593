/** Packets that a seed breaks: the same in each run and on each host. */
import type { Draws } from "./Draws.ts"

const marks = Array.from("*$:+-%_\r\n 0129", (mark) => mark.charCodeAt(0))

/** A copy with no to three things wrong: cut, grown, a bit, a byte, a mark, a length. */
export const mutate = (draws: Draws, packet: Uint8Array): Uint8Array => {
  let bytes = packet.slice()
  for (let count = draws.below(4); count > 0 && bytes.length > 0; count--) {
    const at = draws.below(bytes.length)
    switch (draws.below(6)) {
      case 0:
        bytes = bytes.slice(0, at)
        break
      case 1:
        bytes = Uint8Array.of(...bytes.subarray(0, at), draws.oneOf(marks), ...bytes.subarray(at))
        break
      case 2:
        bytes[at] = draws.oneOf(marks)
        break
      case 3:
        bytes[at]! ^= 1 << draws.below(8)
        break
      case 4:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1))
        break
      default:
        bytes[at] = draws.below(256)
    }
  }
  return bytes
}
