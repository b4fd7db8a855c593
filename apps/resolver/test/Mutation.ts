/** DNS messages that a seed breaks: the same in each run and on each host. */
import type { SeededDraws } from "../../../packages/core/test/SeededDraws.ts"

/** A copy with one to three things wrong: cut, grown, a bit, a byte, a length, a count. */
export const mutate = (draws: SeededDraws, packet: Uint8Array): Uint8Array => {
  let bytes = packet.slice()
  for (let count = 1 + draws.below(3); count > 0 && bytes.length > 0; count--) {
    const at = draws.below(bytes.length)
    switch (draws.below(7)) {
      case 0:
        bytes = bytes.slice(0, at)
        break
      case 1:
        bytes = Uint8Array.of(...bytes.subarray(0, at), draws.below(256), ...bytes.subarray(at))
        break
      case 2:
        bytes[at] = draws.oneOf([0x00, 0x3f, 0x40, 0xc0, 0xff])
        break
      case 3:
        bytes[at]! ^= 1 << draws.below(8)
        break
      case 4:
        // The header decides most.
        bytes[draws.below(Math.min(12, bytes.length))] = draws.oneOf([0, 1, 2, 0x29, 0x80, 0xff])
        break
      case 5:
        bytes.set(bytes.subarray(draws.below(bytes.length)).subarray(0, bytes.length - at), at)
        break
      default:
        bytes[at] = draws.below(256)
    }
  }
  return bytes
}
