/**
 * Mutated packets by seed: 100,000 of them, or as many as `FUZZ_PACKETS` says (nightly:
 * 10,000,000). A failure names its seed, which replays it.
 */
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import * as DnsMessage from "../../src/dns/DnsMessage.ts"
import { pointersMax } from "../../src/dns/WireReader.ts"
import { drawMessage } from "./DrawnMessage.ts"
import { mutate } from "../mutate.ts"
import { SeededDraws } from "../SeededDraws.ts"

const packets = Number(process.env["FUZZ_PACKETS"] ?? 100_000)
const seeds = 20

/** Lengths of labels, pointers, and their bounds. */
const marks = [0x00, 0x3f, 0x40, 0xc0, 0xff]

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])

/** Undefined for a packet that was refused, else what is wrong with how it was taken. */
const flawOf = (bytes: Uint8Array): string | undefined => {
  const before = bytes.slice()
  const taken = DnsMessage.decode(bytes)
  if (!isSame(bytes, before)) return "its bytes were changed"
  if (Result.isFailure(taken)) {
    return taken.failure.offset <= bytes.length ? undefined : "its error is beyond its end"
  }
  // What is written of a message is read as the same message.
  const written = DnsMessage.encode(taken.success)
  if (Result.isFailure(written)) {
    // A byte that is no UTF-8 is text as U+FFFD, which has three: 86 are a string too long.
    return written.failure.problem === "StringTooLong" ? "" : written.failure.message
  }
  const again = DnsMessage.decode(written.success)
  if (Result.isFailure(again)) return again.failure.message
  const twice = Result.getOrThrow(DnsMessage.encode(again.success))
  return isSame(twice, written.success) ? "" : "it is not what was written of it"
}

describe("mutated packets are refused or read, and nothing else", () => {
  const perSeed = Math.ceil(packets / seeds)
  // A nightly run takes its time: 5 ms a packet is a hundred times what one takes.
  const timeout = Math.max(10_000, 5 * perSeed)

  it.each(Array.from({ length: seeds }, (_, seed) => seed))(
    `${perSeed} with seed %s`,
    (seed) => {
      const draws = new SeededDraws(seed)
      const whole = Array.from({ length: 50 }, () =>
        Result.getOrThrow(DnsMessage.encode(drawMessage(draws)))
      )
      let taken = 0
      let broken: string | undefined
      for (let count = 0; count < perSeed; count++) {
        const packet = mutate(draws, draws.oneOf(whole), { marks })
        const flaw = flawOf(packet)
        if (flaw === undefined) continue
        taken++
        if (flaw !== "") broken ??= `Packet ${count}: ${flaw}: ${packet.join(" ")}`
      }
      expect(broken).toBe(undefined)
      // Both ways are taken, or the mutations are no good.
      expect(taken).toBeGreaterThan(perSeed / 100)
      expect(taken).toBeLessThan(perSeed * 0.9)
    },
    timeout
  )
})

const u16 = (value: number) => [value >> 8, value & 0xff]

/** 65,535 bytes of records whose names lead through 8,000 pointers to pointers. */
const pointerChain = (hops: number): Uint8Array => {
  const chain = [0]
  const start = 12 + 11
  for (let hop = 0; hop < hops; hop++) {
    chain.push(...u16(0xc000 | (hop === 0 ? start : start + 1 + 2 * (hop - 1))))
  }
  const last = [...u16(0xc000 | (start + 1 + 2 * (hops - 1)))]
  const record = [...last, 0xff, 0x01, 0, 1, 0, 0, 0, 0, 0, 0]
  const count = Math.floor((65_535 - start - chain.length) / record.length)
  const header = [0, 7, 0x81, 0x80, 0, 0, ...u16(count + 1), 0, 0, 0, 0]
  const first = [0, 0xff, 0x01, 0, 1, 0, 0, 0, 0, ...u16(chain.length)]
  return Uint8Array.from([header, first, chain, ...Array(count).fill(record)].flat())
}

describe("packets built to take long", () => {
  it("pointers to pointers are followed up to a bound, then refused", () => {
    expect(Result.isSuccess(DnsMessage.decode(pointerChain(pointersMax - 1)))).toBe(true)
    const refused = DnsMessage.decode(pointerChain(8_000))
    expect(Result.getOrThrow(Result.flip(refused)).problem).toBe("PointerChain")
  })

  it("the longest chain allowed, followed 5,000 times, costs half a second of CPU at most", () => {
    const packet = pointerChain(pointersMax - 1)
    // The least of five: at first nothing is compiled.
    const millis = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage()
      DnsMessage.decode(packet)
      const { system, user } = process.cpuUsage(before)
      return (user + system) / 1_000
    })
    expect(Math.min(...millis)).toBeLessThan(500)
  })
})
