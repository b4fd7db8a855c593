/** Laws of `copyTo`: what moves, who waits for whom, and what an end in the middle leaves. */
import { Tcp } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { ascii, concat, randomBytes, randomChunks } from "../Bytes.ts"
import { clog } from "../Clog.ts"
import { connectedPair, connectTo, inputOf, listening } from "../Connections.ts"
import { equals, failsWith, isTrue, sameBytes } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { ends, readAll, reads, resetByClosing } from "../Streams.ts"
import { eventually, parked, settle } from "../Turns.ts"

/** A client, and a stream that goes on to another client: `from` → `source`, `target` → `to`. */
const passage = Effect.gen(function* () {
  const listener = yield* listening
  const one = yield* connectTo(listener)
  const other = yield* connectTo(listener)
  return { from: one.client, source: one.server, target: other.client, to: other.server }
})

const upper = (chunk: Uint8Array): Uint8Array =>
  chunk.map((byte) => (byte >= 97 && byte <= 122 ? byte - 32 : byte))

export const CopyLaws = lawGroup("Copying", [
  law("COPY-01", "a copy moves every byte in order and counts them", function* () {
    const { from, source, target, to } = yield* passage
    const copy = yield* Effect.forkChild(source.copyTo(target))
    const bytes = concat([yield* randomBytes(20_000), yield* randomBytes(600_000)])
    const sending = Effect.gen(function* () {
      for (const chunk of yield* randomChunks(bytes.subarray(0, 20_000), 300))
        yield* from.write(chunk)
      for (const chunk of yield* randomChunks(bytes.subarray(20_000), 200_000))
        yield* from.write(chunk)
      yield* from.shutdown
    })
    yield* Effect.forkChild(sending)
    yield* sameBytes(yield* to.readExactly(bytes.length), bytes, "bytes read")
    yield* equals(yield* Fiber.join(copy), bytes.length, "count")
    // Neither stream was ended by it.
    yield* target.write(ascii("more"))
    yield* reads(to, ascii("more"))
    yield* source.write(ascii("back"))
    yield* reads(from, ascii("back"))
  }),

  law("COPY-02", "a stream copied to itself is an echo, changed by a function", function* () {
    const server = yield* Tcp.serve((stream) => stream.copyTo(stream, { map: upper }), {
      port: 0,
      connectionsMax: 10
    })
    const client = yield* Tcp.connect(inputOf(server.address))
    for (const text of ["one", "two", "three"]) {
      yield* client.write(ascii(text))
      yield* reads(client, ascii(text.toUpperCase()))
    }
    yield* client.shutdown
    yield* ends(client)
  }),

  law("COPY-03", "bytes that were collected before are copied first", function* () {
    const { from, source, target, to } = yield* passage
    yield* from.write(ascii("head:rest"))
    yield* sameBytes(yield* source.readUntil(ascii(":")), ascii("head:"), "head")
    yield* from.write(ascii(" and more"))
    yield* from.shutdown
    yield* equals(yield* source.copyTo(target), 13, "count")
    yield* target.shutdown
    yield* sameBytes(yield* readAll(to), ascii("rest and more"), "bytes read")
  }),

  law("COPY-04", "while it copies, other readers are Busy and a wait is listed", function* () {
    const { from, source, target, to } = yield* passage
    const copy = yield* Effect.forkChild(source.copyTo(target))
    yield* parked(source)
    yield* equals(source.waits[0]!.operation, "TcpStream.copyTo", "operation")
    yield* equals(source.waits[0]!.fiberId, copy.id, "fiber")
    yield* failsWith("Busy", source.read)
    yield* failsWith("Busy", source.copyTo(target))
    yield* from.write(ascii("x"))
    yield* reads(to, ascii("x"))
    yield* failsWith("Busy", source.read)
    yield* from.shutdown
    yield* equals(yield* Fiber.join(copy), 1, "count")
    yield* ends(source)
  }),

  law("COPY-05", "interrupted, it has gone and what comes is there to read", function* () {
    const { from, source, target, to } = yield* passage
    const copy = yield* Effect.forkChild(source.copyTo(target))
    yield* from.write(ascii("first"))
    yield* reads(to, ascii("first"))
    yield* Fiber.interrupt(copy)
    yield* equals(source.waits.length, 0, "waits")
    yield* from.write(ascii("second"))
    yield* reads(source, ascii("second"))
    yield* target.write(ascii("third"))
    yield* reads(to, ascii("third"))
  }),

  law(
    "COPY-06",
    "a chunk that waits behind another write comes back when interrupted",
    function* () {
      const { from, source, target, to } = yield* passage
      const { bytes, writer } = yield* clog(target)
      const copy = yield* Effect.forkChild(source.copyTo(target))
      yield* from.write(ascii("waits"))
      yield* eventually(
        "the copy waits for its target",
        Effect.sync(() => target.waits.some(({ fiberId }) => fiberId === copy.id))
      )
      yield* from.write(ascii(" here"))
      yield* Fiber.interrupt(copy)
      yield* reads(source, ascii("waits here"))
      const rest = yield* Effect.forkChild(to.readExactly(bytes))
      yield* Fiber.join(writer)
      yield* Fiber.join(rest)
      yield* target.shutdown
      yield* ends(to)
    }
  ),

  law("COPY-07", "a peer that does not read holds the sender back", function* () {
    const { from, source, target, to } = yield* passage
    const copy = yield* Effect.forkChild(source.copyTo(target))
    const { bytes, writer } = yield* clog(from)
    const before = source.counters.bytesRead
    yield* settle
    yield* equals(source.counters.bytesRead, before, "bytes read while nobody reads")
    const rest = yield* Effect.forkChild(to.readExactly(bytes))
    yield* Fiber.join(writer)
    yield* Fiber.join(rest)
    yield* from.shutdown
    yield* equals(yield* Fiber.join(copy), bytes, "count")
  }),

  law("COPY-08", "closing the source ends it with Closed", function* () {
    const { source, target, to } = yield* passage
    const copy = yield* Effect.forkChild(failsWith("Closed", source.copyTo(target)))
    yield* parked(source)
    yield* source.close
    yield* Fiber.join(copy)
    yield* target.write(ascii("x"))
    yield* reads(to, ascii("x"))
  }),

  law("COPY-09", "it fails as a read does, and as a write does", function* () {
    const { client, server } = yield* connectedPair()
    const other = yield* connectedPair()
    const copy = yield* Effect.forkChild(failsWith("ConnectionReset", server.copyTo(other.client)))
    yield* parked(server)
    yield* resetByClosing(client, server)
    yield* Fiber.join(copy)
    const next = yield* connectedPair()
    yield* other.client.close
    yield* next.client.write(ascii("x"))
    yield* failsWith("Closed", next.server.copyTo(other.client))
  }),

  law("COPY-10", "a map that throws is a defect, and the streams are whole", function* () {
    const { from, source, target, to } = yield* passage
    const map = (): Uint8Array => {
      throw new Error("odd")
    }
    yield* from.write(ascii("x"))
    const exit = yield* Effect.exit(source.copyTo(target, { map }))
    yield* isTrue(exit._tag === "Failure", "It should have died")
    yield* from.write(ascii("y"))
    yield* reads(source, ascii("y"))
    yield* target.write(ascii("z"))
    yield* reads(to, ascii("z"))
  })
])
