/** What is sent, cut into data packets; the window that is under way is kept, to be sent again. */
import * as Effect from "effect/Effect"
import type { File, IoError } from "@portico/core"
import * as Netascii from "./wire/Netascii.ts"
import * as Packet from "./wire/Packet.ts"

export interface Blocks {
  /**
   * The packets of up to `count` blocks from number `first` (from 1) on; each call begins where the
   * one before ended, or earlier. The last block of all is shorter than the others, and may be
   * empty.
   */
  readonly take: (
    first: number,
    count: number
  ) => Effect.Effect<ReadonlyArray<Uint8Array>, IoError.IoError>
}

const numberOnWire = (block: number): number => block % 65_536

/** Read straight into the packets. */
export const octets = (file: File.File, blockBytes: number): Blocks => ({
  take: Effect.fnUntraced(function* (first, count) {
    const packets = Array.from({ length: count }, () => new Uint8Array(4 + blockBytes))
    const bodies = packets.map((packet) => packet.subarray(4))
    const read = yield* file.readIntoAt((first - 1) * blockBytes, ...bodies)
    const full = Math.floor(read / blockBytes)
    const taken = packets.slice(0, Math.min(count, full + 1))
    for (const [index, packet] of taken.entries()) {
      Packet.setDataHeader(packet, numberOnWire(first + index))
    }
    if (full < count) taken[full] = taken[full]!.subarray(0, 4 + read - full * blockBytes)
    return taken
  })
})

/** Bytes of the file that are translated at once. */
const pieceBytes = 32 * 1024

/** Translated as it is read; blocks that were taken are kept until later ones are. */
export const netascii = (file: File.File, blockBytes: number): Blocks => {
  let kept: Array<Uint8Array> = []
  let keptFrom = 1
  let rest = new Uint8Array(0)
  let isOver = false

  const cut = (count: number) => {
    let start = 0
    while (kept.length < count && rest.length - start >= blockBytes) {
      const block = numberOnWire(keptFrom + kept.length)
      kept.push(Packet.data(block, rest.subarray(start, (start += blockBytes))))
    }
    rest = rest.slice(start)
  }

  return {
    take: Effect.fnUntraced(function* (first, count) {
      kept = kept.slice(first - keptFrom)
      keptFrom = first
      cut(count)
      while (kept.length < count && !isOver) {
        const piece = yield* file.read(pieceBytes)
        const more = Netascii.encode(piece)
        const both = new Uint8Array(rest.length + more.length)
        both.set(rest)
        both.set(more, rest.length)
        rest = both
        cut(count)
        if (piece.length > 0 || kept.length === count) continue
        kept.push(Packet.data(numberOnWire(keptFrom + kept.length), rest))
        isOver = true
      }
      return kept.slice(0, count)
    })
  }
}
