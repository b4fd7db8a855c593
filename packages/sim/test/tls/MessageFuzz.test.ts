/**
 * Mutated messages of the handshake by seed, as a peer could send them within good records: 100,000
 * of them, or as many as `FUZZ_PACKETS` says (nightly: 10,000,000). A failure names its seed.
 */
import { describe, expect, it } from "vitest"
import { SeededDraws } from "../../../core/test/SeededDraws.ts"
import { Fault } from "../../src/tls/Alert.ts"
import { type Message, messageBytesMax, MessageReader } from "../../src/tls/MessageReader.ts"
import * as Messages from "../../src/tls/Messages.ts"
import * as Tickets from "../../src/tls/Tickets.ts"
import { attempt, Malformed } from "../../src/x509/Malformed.ts"
import { isSame } from "../../src/x509/X509Certificate.ts"
import * as Fixtures from "../x509/Fixtures.ts"
import { certificateOf } from "../x509/Reading.ts"

const messages = Number(process.env["FUZZ_PACKETS"] ?? 100_000)
const seeds = 20

const chain = [certificateOf(Fixtures.server.certificate), certificateOf(Fixtures.between)]
const random = new Uint8Array(32).fill(9)
const key = new Uint8Array(32).fill(5)
const ticket = Tickets.seal(key, 7, { chain, untilMillis: 1e12 })!
const session = Tickets.encodeSession({ chain, ticket, untilMillis: 1e12 })!

const hello = { random, versions: [Messages.tls13], alpn: ["h2", "http/1.1"], ticket }

const samples: ReadonlyArray<readonly [bytes: Uint8Array, read: (body: Uint8Array) => unknown]> = [
  [Messages.encodeClientHello({ ...hello, serverName: "localhost" }), Messages.decodeClientHello],
  [
    Messages.encodeServerHello({ random, version: Messages.tls13, isResumed: true }),
    Messages.decodeServerHello
  ],
  [Messages.encodeEncryptedExtensions("h2"), Messages.decodeEncryptedExtensions],
  [Messages.encodeCertificate(chain.map(({ raw }) => raw)), Messages.decodeCertificate],
  [Messages.encodeVerify(random), Messages.decodeVerify],
  [Messages.encodeTicket(7_200, ticket), Messages.decodeTicket]
]

const mutate = (draws: SeededDraws, bytes: Uint8Array): Uint8Array => {
  // More often at the beginning, where lengths are.
  const at = draws.below(draws.oneOf([8, 64, 100_000])) % bytes.length
  switch (draws.below(4)) {
    case 0:
      return bytes.slice(0, at)
    case 1:
      return Uint8Array.of(...bytes.subarray(0, at), ...draws.bytes(3), ...bytes.subarray(at))
    case 2:
      bytes[at] = draws.oneOf([0x00, 0x01, 0x02, 0x80, 0xff])
      return bytes
    default:
      bytes[at]! ^= 1 << draws.below(8)
      return bytes
  }
}

describe("mutated messages are refused or read, and nothing else", () => {
  const perSeed = Math.ceil(messages / seeds)
  const timeout = Math.max(10_000, 5 * perSeed)

  it.each(Array.from({ length: seeds }, (_, seed) => seed))(
    `${perSeed} with seed %s`,
    (seed) => {
      const draws = new SeededDraws(seed)
      let taken = 0
      for (let count = 0; count < perSeed; count++) {
        const [whole, read] = draws.oneOf(samples)
        const body = mutate(draws, whole.slice(4))
        const outcome = attempt(() => read(body))
        if (!(outcome instanceof Malformed)) taken++
        else if (outcome.offset > body.length) throw new Error("The problem is beyond the end")
      }
      // Both ways are taken, or the mutations are no good.
      expect(taken).toBeGreaterThan(perSeed / 20)
      expect(taken).toBeLessThan(perSeed * 0.95)
    },
    timeout
  )

  it("so are tickets and sessions, and a ticket that was changed is none", () => {
    const draws = new SeededDraws(1)
    let read = 0
    for (let count = 0; count < 500; count++) {
      const changed = mutate(draws, ticket.slice())
      const isChanged = !isSame(changed, ticket)
      expect(Tickets.unseal(key, changed) === undefined).toBe(isChanged)
      if (Tickets.decodeSession(mutate(draws, session.slice())) !== undefined) read++
    }
    expect(read).toBeGreaterThan(0)
    expect(Tickets.unseal(key, ticket)?.chain.map(({ raw }) => raw)).toEqual(
      chain.map(({ raw }) => raw)
    )
    expect(Tickets.unseal(random, ticket)).toBe(undefined)
  })
})

describe("a message", () => {
  const [whole] = samples[3]!

  it("is put together of any parts", () => {
    const reader = new MessageReader()
    const found: Array<Message | Fault> = []
    for (const byte of [...whole, ...whole]) {
      reader.push(Uint8Array.of(byte))
      const message = reader.next()
      if (message !== undefined) found.push(message)
    }
    expect(found.map((one) => (one instanceof Fault ? one : one.whole))).toEqual([whole, whole])
    expect(reader.isEmpty).toBe(true)
  })

  it("of more than its bound is refused at its length", () => {
    const reader = new MessageReader()
    const bytes = messageBytesMax + 1
    reader.push(Uint8Array.of(11, bytes >> 16, (bytes >> 8) & 0xff, bytes & 0xff))
    expect(reader.next()).toBeInstanceOf(Fault)
  })
})
