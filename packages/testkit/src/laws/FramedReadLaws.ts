/** Laws of reading an exact count, and up to a delimiter. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { ascii, concat, randomBytes, randomChunks } from "../Bytes.ts"
import { connectedPair } from "../Connections.ts"
import { equals, fails, failsWith, rejects, sameBytes } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { ends, readAll, reads } from "../Streams.ts"
import { nextTurn, settle } from "../Turns.ts"

const newline = ascii("\r\n")

export const FramedReadLaws = lawGroup("Reading frames", [
  law("READ-10", "an exact read spans chunks and leaves what follows", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(10_000)
    const sending = Effect.gen(function* () {
      for (const chunk of yield* randomChunks(bytes, 3_000)) {
        yield* client.write(chunk)
        yield* client.flush
        yield* nextTurn
      }
    })
    yield* Effect.forkChild(sending)
    for (const [from, to] of [
      [0, 1],
      [1, 7_500],
      [7_500, 10_000]
    ] as const) {
      yield* sameBytes(yield* server.readExactly(to - from), bytes.subarray(from, to), "frame")
    }
  }),

  law(
    "READ-11",
    "an exact read that meets the end says how much came and leaves it readable",
    function* () {
      const { client, server } = yield* connectedPair()
      yield* client.write(ascii("abc"))
      yield* client.shutdown
      const { reason } = yield* failsWith("UnexpectedEnd", server.readExactly(5))
      if (reason._tag !== "UnexpectedEnd") return yield* fails(`Wrong reason: ${reason._tag}`)
      yield* equals(reason.bytesExpected, 5, "bytesExpected")
      yield* equals(reason.bytesAvailable, 3, "bytesAvailable")
      yield* reads(server, ascii("abc"))
      yield* ends(server)
    }
  ),

  law("READ-12", "an interrupted exact read leaves what came readable", function* () {
    const { client, server } = yield* connectedPair()
    const reading = yield* Effect.forkChild(server.readExactly(10), { startImmediately: true })
    yield* client.write(ascii("abc"))
    yield* settle
    yield* Fiber.interrupt(reading)
    yield* client.write(ascii("def"))
    yield* reads(server, ascii("abcdef"))
  }),

  law("READ-13", "an exact read of no bytes, or too many, is an argument error", function* () {
    const { server } = yield* connectedPair()
    for (const bytes of [0, -1, 0.5, Number.NaN, 64 * 1024 * 1024 + 1]) {
      yield* rejects("bytes", server.readExactly(bytes))
    }
  }),

  law("READ-14", "a read up to a delimiter includes it and leaves what follows", function* () {
    const { client, server } = yield* connectedPair()
    yield* client.write(ascii("first\r\n\r\nthird\r\nrest"))
    yield* client.shutdown
    for (const line of ["first\r\n", "\r\n", "third\r\n"]) {
      yield* sameBytes(yield* server.readUntil(newline), ascii(line), "line")
    }
    yield* sameBytes(yield* readAll(server), ascii("rest"), "what follows")
  }),

  law("READ-15", "a delimiter is found wherever the chunks are cut", function* () {
    const { client, server } = yield* connectedPair()
    const text = "\rone\r\rtwo\nthree\r\n"
    const sending = Effect.gen(function* () {
      for (const character of text) {
        yield* client.write(ascii(character))
        yield* client.flush
      }
    })
    yield* Effect.forkChild(sending)
    yield* sameBytes(yield* server.readUntil(newline), ascii(text), "line")
  }),

  law("READ-16", "random lines come back as they were cut", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = (yield* randomBytes(8_000)).map((byte) => (byte === 10 ? 11 : byte))
    const lines = (yield* randomChunks(bytes, 900)).map((line) => concat([line, ascii("\n")]))
    const sending = Effect.gen(function* () {
      for (const chunk of yield* randomChunks(concat(lines), 1_300)) yield* client.write(chunk)
    })
    yield* Effect.forkChild(sending)
    for (const line of lines) {
      yield* sameBytes(yield* server.readUntil(ascii("\n")), line, "line")
    }
  }),

  law(
    "READ-17",
    "a delimiter that is not within the limit is LimitExceeded, and nothing is lost",
    function* () {
      const { client, server } = yield* connectedPair()
      yield* client.write(ascii("0123456789\r\n"))
      const { reason } = yield* failsWith(
        "LimitExceeded",
        server.readUntil(newline, { bytesMax: 11 })
      )
      if (reason._tag !== "LimitExceeded") return yield* fails(`Wrong reason: ${reason._tag}`)
      yield* equals(reason.bytesMax, 11, "bytesMax")
      const line = yield* server.readUntil(newline, { bytesMax: 12 })
      yield* sameBytes(line, ascii("0123456789\r\n"), "line")
    }
  ),

  law("READ-18", "the limit holds however large the chunk that came is", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = new Uint8Array(50_000).fill(120)
    bytes.set(newline, 49_998)
    yield* client.write(bytes)
    yield* server.awaitReadable
    yield* failsWith("LimitExceeded", server.readUntil(newline, { bytesMax: 1_000 }))
    yield* reads(server, bytes)
  }),

  law("READ-19", "without a limit of its own a delimiter must come within 64 KiB", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = new Uint8Array(64 * 1024 + 1).fill(120)
    yield* Effect.forkChild(client.write(bytes))
    const { reason } = yield* failsWith("LimitExceeded", server.readUntil(newline))
    if (reason._tag !== "LimitExceeded") return yield* fails(`Wrong reason: ${reason._tag}`)
    yield* equals(reason.bytesMax, 64 * 1024, "bytesMax")
    yield* reads(server, bytes)
  }),

  law("READ-20", "a stream that ends before the delimiter is UnexpectedEnd", function* () {
    const { client, server } = yield* connectedPair()
    yield* client.write(ascii("half a li"))
    yield* client.shutdown
    yield* failsWith("UnexpectedEnd", server.readUntil(newline))
    yield* reads(server, ascii("half a li"))
    yield* ends(server)
  }),

  law("READ-21", "an interrupted delimiter read leaves what came readable", function* () {
    const { client, server } = yield* connectedPair()
    const reading = yield* Effect.forkChild(server.readUntil(newline), { startImmediately: true })
    yield* client.write(ascii("one\r"))
    yield* settle
    yield* Fiber.interrupt(reading)
    yield* client.write(ascii("\ntwo"))
    yield* sameBytes(yield* server.readUntil(newline), ascii("one\r\n"), "line")
    yield* reads(server, ascii("two"))
  }),

  law("READ-22", "an empty delimiter or a limit below 1 is an argument error", function* () {
    const { server } = yield* connectedPair()
    yield* rejects("delimiter", server.readUntil(new Uint8Array(0)))
    for (const bytesMax of [0, -5, 2.5, Number.NaN]) {
      yield* rejects("bytesMax", server.readUntil(newline, { bytesMax }))
    }
  })
])
