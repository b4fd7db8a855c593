/**
 * Mutated certificates and keys by seed: 100,000 of them, or as many as `FUZZ_PACKETS`
 * says (nightly: 10,000,000). A failure names its seed, which replays it.
 */
import { describe, expect, it } from "vitest"
import { SeededDraws } from "../../../core/test/SeededDraws.ts"
import * as Chain from "../../src/x509/Chain.ts"
import { Malformed } from "../../src/x509/Malformed.ts"
import type { PemBlock } from "../../src/x509/Pem.ts"
import * as PrivateKey from "../../src/x509/PrivateKey.ts"
import * as X509Certificate from "../../src/x509/X509Certificate.ts"
import * as Fixtures from "./Fixtures.ts"
import { blockOf, certificateOf } from "./Reading.ts"

const certificates = Number(process.env["FUZZ_PACKETS"] ?? 100_000)
const seeds = 20

const texts = Object.values(Fixtures).flatMap((fixture) =>
  typeof fixture === "string" ? [fixture] : [fixture.certificate, fixture.key]
)
const blocks = texts.map(blockOf)
const trust = [certificateOf(Fixtures.authority), certificateOf(Fixtures.alone.certificate)]
const between = certificateOf(Fixtures.between)
const now = Date.parse("2026-06-01T00:00:00Z")

const mutate = (draws: SeededDraws, packet: Uint8Array): Uint8Array => {
  let bytes = packet
  for (let count = 1 + draws.below(3); count > 0 && bytes.length > 0; count--) {
    const at = draws.below(bytes.length)
    switch (draws.below(6)) {
      case 0:
        bytes = bytes.slice(0, at)
        break
      case 1:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...draws.bytes(4), ...bytes.subarray(at))
        break
      case 2:
        bytes[at] = draws.oneOf([0x00, 0x02, 0x03, 0x04, 0x06, 0x0c, 0x30, 0x31, 0x80, 0x84, 0xa0])
        break
      case 3:
        bytes[at]! ^= 1 << draws.below(8)
        break
      case 4:
        bytes.set(bytes.subarray(draws.below(bytes.length)).subarray(0, bytes.length - at), at)
        break
      default:
        bytes[at] = draws.below(256)
    }
  }
  return bytes
}

/** Whether it was taken. What was taken is used as a chain's own, or as a key, and told. */
const isTaken = ({ bytes, label }: PemBlock): boolean => {
  if (label !== "CERTIFICATE") {
    const key = PrivateKey.decode({ bytes, label })
    if (key instanceof Malformed) return checkPlace(key, bytes)
    PrivateKey.belongsTo(key, between.publicKey)
    return true
  }
  const certificate = X509Certificate.decode(bytes)
  if (certificate instanceof Malformed) return checkPlace(certificate, bytes)
  const { fingerprint256, raw, validFromMillis } = X509Certificate.toPort(certificate)
  if (!X509Certificate.isSame(raw, bytes)) throw new Error("Its bytes are others")
  if (!/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/.test(fingerprint256)) throw new Error(fingerprint256)
  if (!Number.isSafeInteger(validFromMillis)) throw new Error(`Valid from ${validFromMillis}`)
  Chain.verify([certificate, between], trust, "server", now)
  Chain.verify([between], [certificate], "client", now)
  return true
}

const checkPlace = ({ offset }: Malformed, bytes: Uint8Array): false => {
  if (offset > bytes.length) throw new Error("The problem is beyond the end")
  return false
}

describe("mutated certificates and keys are refused or read, and nothing else", () => {
  const perSeed = Math.ceil(certificates / seeds)
  // A nightly run takes its time: 5 ms each is a hundred times what one takes.
  const timeout = Math.max(10_000, 5 * perSeed)

  it.each(Array.from({ length: seeds }, (_, seed) => seed))(
    `${perSeed} with seed %s`,
    (seed) => {
      const draws = new SeededDraws(seed)
      let taken = 0
      for (let count = 0; count < perSeed; count++) {
        const { bytes, label } = draws.oneOf(blocks)
        const mutated = mutate(draws, bytes.slice())
        const before = mutated.slice()
        if (isTaken({ bytes: mutated, label })) taken++
        if (!X509Certificate.isSame(mutated, before)) throw new Error("Its bytes were changed")
      }
      // Both ways are taken, or the mutations are no good.
      expect(taken).toBeGreaterThan(perSeed / 20)
      expect(taken).toBeLessThan(perSeed * 0.8)
    },
    timeout
  )
})
