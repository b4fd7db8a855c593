import { PortFailure, WouldBlock } from "@portico/core/port/index"
import { describe, expect, it } from "vitest"
import * as DerText from "../../src/x509/DerText.ts"
import * as Sha256 from "../../src/x509/Sha256.ts"
import { type Change, TestTls } from "./TestTls.ts"

/** The records of what passed, by their types and lengths without the header. */
const records = (bytes: ReadonlyArray<Uint8Array>) => {
  const all = bytes.flatMap((chunk) => Array.from(chunk))
  const found: Array<readonly [type: number, length: number]> = []
  for (let at = 0; at < all.length;) {
    const length = (all[at + 3]! << 8) | all[at + 4]!
    found.push([all[at]!, length])
    at += 5 + length
  }
  return found
}

const watched = (options: ConstructorParameters<typeof TestTls>[0] = {}) => {
  const test = new TestTls(options)
  const passed: Record<"client" | "server", Array<Uint8Array>> = { client: [], server: [] }
  const change: Change = (from, bytes) => {
    passed[from].push(bytes)
    return bytes
  }
  return { test, passed, change }
}

describe("a handshake", () => {
  it("looks like one of TLS 1.3 from outside", () => {
    const { change, passed, test } = watched()
    test.secured({ change })
    expect(records(passed.client).map(([type]) => type)).toEqual([22, 20, 23])
    // Hello; then extensions, certificate, proof, finished; then two tickets.
    expect(records(passed.server).map(([type]) => type)).toEqual([22, 20, 23, 23, 23, 23, 23, 23])
    const hello = DerText.latin1(passed.client[0]!)
    expect(hello).toContain("localhost")
    expect(Array.from(passed.client[0]!.subarray(0, 3))).toEqual([22, 3, 3])
    // The certificate is encrypted, as in TLS 1.3.
    expect(passed.server.map(DerText.latin1).join("")).not.toContain("Portico")
  })

  it("takes the client one round trip, and the server half of one more", () => {
    const test = new TestTls({ latency: "10 millis" })
    const { client, server } = test.secured().ends
    expect(Math.floor(client.securedAt / 1e6)).toBe(20)
    expect(Math.floor(server.securedAt / 1e6)).toBe(30)
  })

  // On both hosts, or this constant is not the same.
  it("draws the same bytes from the same seed", () => {
    const digest = (seed: number) => {
      const { change, passed, test } = watched({ seed })
      const { client, server } = test.secured({ change })
      client.tryWrite(Uint8Array.of(1, 2, 3))
      server.close()
      test.settle()
      const all = [...passed.client, ...passed.server].flatMap((chunk) => Array.from(chunk))
      return DerText.hexOf(Sha256.digest(Uint8Array.from(all))).slice(0, 16)
    }
    expect(digest(1)).toBe("c3ba7c609a3e5cc9")
    expect(digest(2)).not.toBe(digest(1))
  })

  it("that was cancelled tells nobody anything, and gives the transport back", () => {
    const test = new TestTls()
    const { client, server } = test.begin()
    test.kernel.pass(1)
    client.cancel()
    const told: Array<string> = []
    client.transport.attach({
      onReadable: () => told.push("onReadable"),
      onWritable: () => told.push("onWritable"),
      onClosed: () => told.push("onClosed")
    })
    test.settle()
    expect([client.stream, client.failure]).toEqual([undefined, undefined])
    expect(told).toEqual(["onReadable"])
    client.transport.close()
    test.settle()
    expect(told).toEqual(["onReadable", "onClosed"])
    expect(server.failure?.reason._tag).toMatch(/^(ConnectionReset|HandshakeEnded)$/)
  })

  it("begins with the bytes that were read before it", () => {
    const { passed, change, test } = watched()
    test.secured({ change })
    const [hello] = passed.client
    const { peer, stream } = test.silentPair()
    const server = test.wrap(stream, {
      unread: hello!,
      side: {
        _tag: "Server",
        contextFor: () => test.serverContext,
        clientCertificate: "none"
      }
    })
    test.settle()
    expect(server.failure).toBe(undefined)
    const reply = peer.tryRead(100_000, true) as Uint8Array
    expect(records([reply]).map(([type]) => type)).toEqual([22, 20, 23, 23, 23, 23])
  })
})

describe("records", () => {
  it("are 22 bytes longer than what they say, and hold 16 KiB", () => {
    const { change, passed, test } = watched()
    const { client, server } = test.secured({ change })
    passed.client.length = 0
    for (const length of [1, 16_384, 16_385]) client.tryWrite(new Uint8Array(length))
    expect(records(passed.client).map(([type, length]) => [type, length + 5])).toEqual([
      [23, 23],
      [23, 16_406],
      [23, 16_406],
      [23, 23]
    ])
    test.settle()
    expect(server.bytesUnread).toBe(1)
  })

  it("do not show what they say", () => {
    const { change, passed, test } = watched()
    const { client } = test.secured({ change })
    passed.client.length = 0
    for (let time = 0; time < 2; time++) client.tryWrite(new Uint8Array(64).fill(0x41))
    const [first, second] = passed.client
    expect(DerText.latin1(first!)).not.toContain("AAAA")
    expect(first).not.toEqual(second)
  })

  it("are read one at a time, and no further", () => {
    const test = new TestTls()
    const { client, server, ends } = test.secured()
    client.tryWrite(new Uint8Array(40_000))
    test.settle()
    expect(server.bytesUnread).toBe(16_384)
    expect(ends.server.transport.bytesUnread).toBe(40_000 + 3 * 22 - 16_406)
    expect((server.tryRead(10_000, true) as Uint8Array).length).toBe(10_000)
    expect(server.bytesUnread).toBe(6_384)
  })
})

describe("what was changed on its way", () => {
  const changing = (how: (bytes: Uint8Array) => Uint8Array) => {
    const test = new TestTls()
    let isChanging = false
    const { client, server } = test.secured({
      change: (from, bytes) => (from === "client" && isChanging ? how(bytes) : bytes)
    })
    isChanging = true
    client.tryWrite(new Uint8Array(100))
    test.settle()
    const outcome = server.tryRead(1, true)
    return { test, client, server, failure: outcome instanceof PortFailure ? outcome : undefined }
  }

  it.each([
    ["a bit", (bytes: Uint8Array) => bytes.fill(bytes[9]! ^ 1, 9, 10), "bad_record_mac"],
    ["the tag", (bytes: Uint8Array) => bytes.fill(bytes.at(-1)! ^ 1, -1), "bad_record_mac"],
    ["the length", (bytes: Uint8Array) => bytes.fill(0xff, 3, 5), "record_overflow"],
    ["the type", (bytes: Uint8Array) => bytes.fill(22, 0, 1), "unexpected_message"],
    ["the version", (bytes: Uint8Array) => bytes.fill(9, 1, 2), "unexpected_message"]
  ])("%s: both sides are told, by %s", (_, how, alert) => {
    const { client, failure, server, test } = changing(how)
    expect([failure?.reason._tag, failure?.cause]).toEqual(["Broken", { alert }])
    expect(server.tryRead(1, true)).toBe(failure)
    expect(server.tryWrite(Uint8Array.of(1))).toBe(failure)
    test.settle()
    const told = client.tryRead(1, true)
    expect(told instanceof PortFailure && told.cause).toEqual({ alert })
  })

  it("a record that was left out is missed", () => {
    let left = 1
    const { failure, server, test, client } = changing((bytes) =>
      left-- > 0 ? bytes.subarray(0, 0) : bytes
    )
    expect([failure, server.readable]).toEqual([undefined, false])
    client.tryWrite(new Uint8Array(100))
    test.settle()
    const outcome = server.tryRead(1, true)
    expect(outcome instanceof PortFailure && outcome.cause).toEqual({ alert: "bad_record_mac" })
  })
})

describe("an end without close_notify", () => {
  it.each([
    ["strict", "MissingCloseNotify"],
    ["compatible", "End"]
  ] as const)("in the middle of a record, %s, is %s", (closeNotify, expected) => {
    const test = new TestTls()
    let isCut = false
    const { client, server, ends } = test.secured({
      server: { closeNotify },
      change: (_, bytes) => (isCut ? bytes.subarray(0, 50) : bytes)
    })
    client.tryWrite(Uint8Array.of(1, 2))
    isCut = true
    client.tryWrite(new Uint8Array(100))
    ends.client.transport.shutdown()
    test.settle()
    expect(server.tryRead(10, true)).toEqual(Uint8Array.of(1, 2))
    const outcome = server.tryRead(1, true)
    expect(outcome instanceof PortFailure ? outcome.reason._tag : outcome).toBe(expected)
    expect(server.tryRead(1, true)).toBe(outcome)
  })
})

describe("a peer that does not read", () => {
  it("stops the writer at one record beyond what the kernels hold", () => {
    const test = new TestTls({ sendBufferBytes: 5_000, receiveBufferBytes: 5_000 })
    const { client, server, ends } = test.secured()
    let taken = 0
    const offer = () => {
      const count = test.call(() => client.tryWrite(new Uint8Array(50_000)))
      taken += count as number
      return count
    }
    // The first is held by the other end, as content; the second is on its way.
    for (let round = 0; round < 2; round++) {
      expect(client.lent).toBe(false)
      expect(offer()).toBe(16_384)
      expect([client.lent, client.writable]).toEqual([true, false])
      test.settle()
    }
    expect(client.lent).toBe(true)
    expect(server.bytesUnread).toBe(16_384)
    expect(ends.client.events).toEqual(["onWritable"])
    let read = 0
    for (let round = 0; round < 20 && read < taken; round++) {
      const outcome = test.call(() => server.tryRead(100_000, true))
      if (outcome instanceof Uint8Array) read += outcome.length
      test.settle()
    }
    expect(read).toBe(taken)
    expect([client.lent, client.writable]).toEqual([false, true])
    expect(ends.client.events).toEqual(["onWritable", "onWritable"])
  })

  it("does not keep an end from following what was written", () => {
    const test = new TestTls({ sendBufferBytes: 100, receiveBufferBytes: 100 })
    const { client, server, ends } = test.secured()
    for (let round = 0; round < 2; round++) {
      test.call(() => client.tryWrite(new Uint8Array(1_000)))
      test.settle()
    }
    expect(client.lent).toBe(true)
    const outcomes: Array<unknown> = []
    for (let round = 0; round < 100 && outcomes.at(-1) !== "End"; round++) {
      if (!client.lent) test.call(() => client.shutdown())
      const outcome = test.call(() => server.tryRead(100_000, true))
      if (outcome !== WouldBlock) {
        outcomes.push(outcome instanceof Uint8Array ? outcome.length : outcome)
      }
      test.settle()
    }
    expect(outcomes).toEqual([1_000, 1_000, "End"])
    expect(ends.server.events).toContain("onReadable")
  })
})
