/**
 * Mutated packets by seed: 100,000 of them, or as many as `FUZZ_PACKETS` says (nightly:
 * 10,000,000). A failure names its seed, which replays it.
 */
import { describe, expect, it } from "vitest"
import { SeededDraws } from "../../../packages/core/test/SeededDraws.ts"
import * as Negotiation from "../src/wire/Negotiation.ts"
import * as Packet from "../src/wire/Packet.ts"

const packets = Number(process.env["FUZZ_PACKETS"] ?? 100_000)
const seeds = 20

const options = new Map([
  ["blksize", "1428"],
  ["windowsize", "16"],
  ["tsize", "0"],
  ["timeout", "5"]
])
const samples: ReadonlyArray<Uint8Array> = [
  Packet.request({ _tag: "Read", file: "a/b.txt", mode: "octet", options }),
  Packet.request({ _tag: "Write", file: "grün", mode: "netascii", options: new Map() }),
  Packet.data(7, new Uint8Array(512).fill(7)),
  Packet.acknowledgement(65_535),
  Packet.error(1, "File not found"),
  Packet.optionAcknowledgementOf(options)
]
const limits = { blockBytesMax: 1_428, windowMax: 8, timeoutSeconds: 1 }

const mutate = (draws: SeededDraws, sample: Uint8Array): Uint8Array => {
  const bytes = sample.slice(0, draws.below(4) === 0 ? draws.below(sample.length + 1) : undefined)
  for (let change = draws.below(6); change > 0 && bytes.length > 0; change--) {
    bytes[draws.below(bytes.length)] = draws.below(3) === 0 ? 0 : draws.below(256)
  }
  return bytes
}

describe("a mutated packet", () => {
  it.for(Array.from({ length: seeds }, (_, seed) => seed))(
    "is read or refused, and what was read is in bounds (seed %d)",
    (seed) => {
      const draws = new SeededDraws(seed)
      let refused = 0
      for (let count = Math.ceil(packets / seeds); count > 0; count--) {
        const bytes = mutate(draws, samples[draws.below(samples.length)]!)
        const packet = Packet.read(bytes)
        if (packet._tag === "Malformed") {
          refused++
          continue
        }
        if (packet._tag !== "Read" && packet._tag !== "Write") continue
        expect(packet.file).not.toContain("\0")
        const agreement = Negotiation.agree(packet, limits, 99)
        expect(agreement.blockBytes).toBeLessThanOrEqual(1_428)
        expect(agreement.blockBytes).toBeGreaterThanOrEqual(8)
        expect(agreement.window).toBeLessThanOrEqual(8)
        // What is understood is written the same way again, but for what was left out.
        expect(Packet.read(Packet.request(packet))).toStrictEqual(packet)
      }
      expect(refused).toBeGreaterThan(0)
    }
  )
})
