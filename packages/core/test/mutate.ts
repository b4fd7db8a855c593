/** What wires, bad clients and attackers make of bytes: the same for the same seed. */
import type { SeededDraws } from "./SeededDraws.ts"

export interface MutationOptions {
  /** Bytes that mean something in the format. */
  readonly marks: ReadonlyArray<number>
  /** Default 1 to 4. */
  readonly changes?: readonly [least: number, most: number]
}

const inserted = (bytes: Uint8Array, at: number, some: Uint8Array) =>
  Uint8Array.of(...bytes.subarray(0, at), ...some, ...bytes.subarray(at))

/** A copy that is cut, grown, or has a mark, a bit, a byte, a part other than it should be. */
export const mutate = (
  draws: SeededDraws,
  whole: Uint8Array,
  { changes: [least, most] = [1, 4], marks }: MutationOptions
): Uint8Array => {
  let bytes = whole.slice()
  for (let left = least + draws.below(most - least + 1); left > 0 && bytes.length > 0; left--) {
    const at = draws.below(bytes.length)
    switch (draws.below(8)) {
      case 0:
        bytes = bytes.slice(0, at)
        break
      case 1:
        bytes = inserted(bytes, at, draws.bytes(1 + draws.below(8)))
        break
      case 2:
        bytes = inserted(bytes, at, Uint8Array.of(draws.oneOf(marks)))
        break
      case 3:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1))
        break
      case 4:
        bytes[at] = draws.oneOf(marks)
        break
      case 5:
        bytes[at]! ^= 1 << draws.below(8)
        break
      case 6:
        bytes.set(bytes.subarray(draws.below(bytes.length)).subarray(0, bytes.length - at), at)
        break
      default:
        bytes[at] = draws.below(256)
    }
  }
  return bytes
}
