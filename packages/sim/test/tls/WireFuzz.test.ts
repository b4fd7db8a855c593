/**
 * Mutated flights by seed: 4,000 connections, or a 25th of what `FUZZ_PACKETS` says, each with one
 * to three writes changed on their way. A failure names its seed.
 */
import { PortFailure } from "@portico/core/port/index"
import { describe, expect, it } from "vitest"
import { SeededDraws } from "../../../core/test/SeededDraws.ts"
import { type End, type PairOptions, TestTls } from "./TestTls.ts"
import * as Fixtures from "../x509/Fixtures.ts"

const connections = Math.ceil(Number(process.env["FUZZ_PACKETS"] ?? 100_000) / 25)
const seeds = 20

const mutate = (draws: SeededDraws, packet: Uint8Array): Uint8Array => {
  const at = draws.below(packet.length)
  switch (draws.below(6)) {
    case 0:
      return packet.slice(0, at)
    case 1:
      return Uint8Array.of(...packet.subarray(0, at), ...draws.bytes(4), ...packet.subarray(at))
    case 2:
      packet[at] = draws.oneOf([0x00, 0x01, 0x0b, 0x14, 0x15, 0x16, 0x17, 0x29, 0xff])
      return packet
    case 3:
      packet[at]! ^= 1 << draws.below(8)
      return packet
    case 4:
      return Uint8Array.of(...packet, ...packet)
    default:
      return draws.bytes(draws.below(200))
  }
}

/** How a side ended: what it became, and what its stream says after that. */
const endOf = ({ failure, stream }: End): string => {
  if (failure !== undefined) return failure.reason._tag
  if (stream === undefined) return "waits"
  const outcome = stream.tryRead(1, true)
  if (outcome instanceof PortFailure) return `secure, then ${outcome.reason._tag}`
  return outcome instanceof Uint8Array ? "secure, with bytes" : `secure, then ${outcome}`
}

const allowed = new Set([
  "waits",
  "HandshakeEnded",
  "HandshakeFailed",
  "NoApplicationProtocol",
  "NotTls",
  "secure, with bytes",
  "secure, then WouldBlock",
  "secure, then Broken"
])

const run = (draws: SeededDraws, test: TestTls, options: PairOptions): ReadonlyArray<string> => {
  let left = 1 + draws.below(3)
  const { client, server } = test.pair({
    ...options,
    change: (_, bytes) =>
      left > 0 && draws.below(3) === 0 && left-- > 0 ? mutate(draws, bytes) : bytes
  })
  for (const { stream } of [client, server]) stream?.tryWrite(Uint8Array.of(7, 7))
  test.settle()
  const ends = [client, server].map(endOf)
  // A byte that is read is one that was written.
  for (const { transport, stream } of [client, server]) {
    const rest = stream?.tryRead(100, true)
    if (rest instanceof Uint8Array) expect(Array.from(rest)).toEqual([7])
    const open = stream ?? transport
    open.close()
  }
  test.settle()
  return ends
}

describe("mutated flights end typed, and never in a stream with other bytes", () => {
  const perSeed = Math.ceil(connections / seeds)
  // A nightly run takes its time: 50 ms each is a hundred times what one takes.
  const timeout = Math.max(10_000, 50 * perSeed)

  it.each(Array.from({ length: seeds }, (_, seed) => seed))(
    `${perSeed} with seed %s`,
    (seed) => {
      const draws = new SeededDraws(seed)
      const test = new TestTls({ seed })
      const { session } = test.secured().client
      const trust = [Fixtures.authority]
      const context = test.context({ credentials: Fixtures.client, trust })
      const { certificate, key } = Fixtures.server
      const credentials = { certificate: certificate + Fixtures.between, key }
      const asking = test.context({ side: "server", credentials, trust })
      const kinds: ReadonlyArray<PairOptions> = [
        { client: { alpn: ["h2", "http/1.1"] }, server: { alpn: ["http/1.1"] } },
        { clientSide: { session } },
        {
          clientSide: { context },
          serverSide: { contextFor: () => asking, clientCertificate: "require" }
        }
      ]
      const seen = new Set<string>()
      const { descriptors } = test.kernel.host
      for (let count = 0; count < perSeed; count++) {
        for (const end of run(draws, test, draws.oneOf(kinds))) seen.add(end)
      }
      expect([...seen].filter((end) => !allowed.has(end))).toEqual([])
      // Several ways are taken, or the mutations are no good.
      expect(seen.size).toBeGreaterThan(3)
      expect(test.kernel.host.descriptors).toBe(descriptors)
    },
    timeout
  )
})
