/** Laws of reading: what comes, how much of it, whose memory it is. */
import type { TcpStream } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { concat, randomBytes, randomChunks } from "../Bytes.ts"
import { connectedPair } from "../Connections.ts"
import { equals, fails, failsWith, isTrue, rejects, sameBytes } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { isEnd, readAll, reads } from "../Streams.ts"
import { nextTurn, parked, settle } from "../Turns.ts"

/** Sends in pieces of random lengths, then ends. */
const send = (stream: TcpStream.TcpStream, bytes: Uint8Array, bytesMax: number) =>
  Effect.gen(function* () {
    for (const chunk of yield* randomChunks(bytes, bytesMax)) yield* stream.write(chunk)
    yield* stream.shutdown
  })

export const ReadLaws = lawGroup("Reading", [
  law("READ-01", "bytes that were read are the reader's to keep", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(300_000)
    yield* Effect.forkChild(send(client, bytes, 9_000))
    const kept: Array<Uint8Array> = []
    while (true) {
      const chunk = yield* server.read
      if (isEnd(chunk)) break
      kept.push(chunk)
    }
    yield* sameBytes(concat(kept), bytes, "chunks kept to the end")
  }),

  law("READ-02", "borrowed bytes are the bytes that were sent", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(300_000)
    yield* Effect.forkChild(send(client, bytes, 9_000))
    const copies: Array<Uint8Array> = []
    while (true) {
      const chunk = yield* server.readBorrowed
      if (isEnd(chunk)) break
      copies.push(Uint8Array.from(chunk))
    }
    yield* sameBytes(concat(copies), bytes, "copies of what was borrowed")
  }),

  law("READ-09", "a slice of what was read is a copy, on every host", function* () {
    const { client, server } = yield* connectedPair()
    for (const read of [server.read, server.readBorrowed, server.readUpTo(4)]) {
      yield* client.write(new Uint8Array([1, 2, 3, 4]))
      const bytes = yield* read
      const copy = bytes.slice(0, 2)
      bytes.fill(9)
      yield* sameBytes(copy, new Uint8Array([1, 2]), "a slice after its source was overwritten")
    }
  }),

  law("TCP-10", "a read with a maximum never gives more, and loses nothing", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(20_000)
    yield* Effect.forkChild(send(client, bytes, 4_000))
    const chunks: Array<Uint8Array> = []
    while (true) {
      const bytesMax = yield* Random.nextIntBetween(1, 2_000)
      const chunk = yield* server.readUpTo(bytesMax)
      yield* isTrue(chunk.length <= bytesMax, `At most ${bytesMax} bytes: ${chunk.length}`)
      if (isEnd(chunk)) break
      chunks.push(chunk)
    }
    yield* sameBytes(concat(chunks), bytes, "bytes read")
  }),

  law("TCP-11", "a read maximum that is not at least 1 is an argument error", function* () {
    const { server } = yield* connectedPair()
    for (const bytesMax of [0, -1, 1.5, Number.NaN]) {
      yield* rejects("bytesMax", server.readUpTo(bytesMax))
    }
  }),

  law("READ-03", "reading into an array fills its start and leaves the rest alone", function* () {
    const { client, server } = yield* connectedPair()
    yield* client.write(new Uint8Array([1, 2, 3]))
    yield* server.awaitReadable
    const target = new Uint8Array(8).fill(99)
    const count = yield* server.readInto(target)
    yield* equals(count, 3, "count")
    yield* sameBytes(target, new Uint8Array([1, 2, 3, 99, 99, 99, 99, 99]), "target")
  }),

  law("READ-04", "reading into a small array takes no more than fits", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(5_000)
    yield* Effect.forkChild(send(client, bytes, 1_000))
    const target = new Uint8Array(700)
    const copies: Array<Uint8Array> = []
    while (true) {
      const count = yield* server.readInto(target)
      if (count === 0) break
      copies.push(target.slice(0, count))
    }
    yield* sameBytes(concat(copies), bytes, "bytes read")
  }),

  law("READ-05", "reading into an empty array is an argument error", function* () {
    const { server } = yield* connectedPair()
    yield* rejects("target", server.readInto(new Uint8Array(0)))
  }),

  law("READ-06", "trying to read gives none until there is something, then that", function* () {
    const { client, server } = yield* connectedPair()
    yield* isTrue(Option.isNone(yield* server.tryRead), "Nothing was sent yet")
    yield* client.write(new Uint8Array([4, 5]))
    yield* server.awaitReadable
    const bytes = yield* server.tryRead
    if (Option.isNone(bytes)) return yield* fails("Readable, but tryRead gave none")
    yield* sameBytes(bytes.value, new Uint8Array([4, 5]), "bytes read")
    yield* isTrue(Option.isNone(yield* server.tryRead), "Everything was read")
  }),

  law("READ-07", "a chunk holds at most 512 KiB", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(2_000_000)
    yield* Effect.forkChild(Effect.andThen(client.write(bytes), client.shutdown))
    const chunks: Array<Uint8Array> = []
    while (true) {
      const chunk = yield* server.read
      yield* isTrue(chunk.length <= 512 * 1024, `At most 512 KiB: ${chunk.length}`)
      if (isEnd(chunk)) break
      chunks.push(chunk)
      // Time for the host to gather more than it may hand over at once.
      yield* Effect.repeat(nextTurn, { times: 5 })
    }
    yield* sameBytes(concat(chunks), bytes, "bytes read")
  }),

  law("READ-08", "every way to read may be mixed on one stream", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(60_000)
    yield* Effect.forkChild(send(client, bytes, 3_000))
    const target = new Uint8Array(512)
    const ways = [
      server.read,
      Effect.map(server.readBorrowed, (chunk) => Uint8Array.from(chunk)),
      server.readUpTo(100),
      Effect.map(server.readInto(target), (count) => target.slice(0, count)),
      Effect.map(server.tryRead, Option.getOrUndefined)
    ] as const
    const chunks: Array<Uint8Array> = [yield* server.readExactly(777)]
    while (true) {
      const chunk = yield* yield* Random.choice(ways)
      if (chunk === undefined) continue
      if (isEnd(chunk)) break
      chunks.push(chunk)
    }
    yield* sameBytes(concat(chunks), bytes, "bytes read")
  }),

  law("TCP-13", "a reader that pauses and goes on loses nothing", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(1_000_000)
    yield* Effect.forkChild(send(client, bytes, 100_000))
    const chunks: Array<Uint8Array> = []
    for (let pause = 0; pause < 3; pause++) {
      chunks.push(yield* server.readUpTo(10_000))
      yield* settle
    }
    chunks.push(yield* readAll(server))
    yield* sameBytes(concat(chunks), bytes, "bytes read")
  }),

  law("TCP-09", "a second concurrent read is Busy and takes nothing from the first", function* () {
    const { client, server } = yield* connectedPair()
    const first = yield* Effect.forkChild(reads(server, new Uint8Array([1, 2])), {
      startImmediately: true
    })
    yield* parked(server)
    yield* failsWith("Busy", server.read)
    yield* failsWith("Busy", server.readBorrowed)
    yield* failsWith("Busy", server.readUpTo(1))
    yield* failsWith("Busy", server.readInto(new Uint8Array(1)))
    yield* failsWith("Busy", server.readExactly(1))
    yield* failsWith("Busy", server.readUntil(new Uint8Array([10])))
    yield* failsWith("Busy", server.awaitReadable)
    yield* client.write(new Uint8Array([1, 2]))
    yield* Fiber.join(first)
  })
])
