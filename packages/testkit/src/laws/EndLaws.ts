/** Laws of how a stream ends: the end as a value, half-close, and what a reset leaves. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { ascii, randomBytes } from "../Bytes.ts"
import { clog } from "../Clog.ts"
import { connectedPair } from "../Connections.ts"
import { equals, fails, failsWith, isTrue, sameBytes } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { ends, isEnd, readAll, reads, resetByClosing } from "../Streams.ts"
import { eventually, parked, settle } from "../Turns.ts"

export const EndLaws = lawGroup("Ending", [
  law("TCP-14", "bytes sent before the peer closed are delivered, then the end", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(30_000)
    yield* client.write(bytes)
    yield* client.close
    yield* settle
    yield* sameBytes(yield* readAll(server), bytes, "bytes read")
  }),

  law("TCP-15", "the end is a value, given again by every later read of any kind", function* () {
    const { client, server } = yield* connectedPair()
    yield* client.shutdown
    for (let time = 0; time < 2; time++) {
      yield* isTrue(isEnd(yield* server.read), "read at the end")
      yield* isTrue(isEnd(yield* server.readBorrowed), "readBorrowed at the end")
      yield* isTrue(isEnd(yield* server.readUpTo(5)), "readUpTo at the end")
      yield* equals(yield* server.readInto(new Uint8Array(5)), 0, "readInto at the end")
      const tried = yield* server.tryRead
      yield* isTrue(Option.isSome(tried) && isEnd(tried.value), "tryRead at the end")
      yield* server.awaitReadable
      yield* failsWith("UnexpectedEnd", server.readExactly(1))
      yield* failsWith("UnexpectedEnd", server.readUntil(ascii("\n")))
    }
  }),

  law("TCP-16", "the end wakes a reader that waits", function* () {
    const { client, server } = yield* connectedPair()
    const reading = yield* Effect.forkChild(ends(server), { startImmediately: true })
    yield* parked(server)
    yield* client.shutdown
    yield* Fiber.join(reading)
  }),

  law("TCP-17", "after a reset the stream can neither be read nor written", function* () {
    const { client, server } = yield* connectedPair()
    yield* resetByClosing(server, client)
    yield* failsWith("ConnectionReset", client.read)
    yield* failsWith(["ConnectionReset", "Broken"], client.read)
    yield* failsWith("Broken", client.write(new Uint8Array([1])))
    yield* failsWith("Broken", client.tryWrite(new Uint8Array([1])))
    yield* equals(client.state._tag, "Broken", "state")
  }),

  law("TCP-20", "a reset wakes a reader that waits with ConnectionReset", function* () {
    const { client, server } = yield* connectedPair()
    const reading = yield* Effect.forkChild(failsWith("ConnectionReset", client.read), {
      startImmediately: true
    })
    yield* parked(client)
    yield* resetByClosing(server, client)
    const error = yield* Fiber.join(reading)
    yield* isTrue(error.cause !== undefined, "The host's own error should be kept as cause")
  }),

  law("TCP-21", "writing after the peer vanished fails with Broken, and says why", function* () {
    const { client, server } = yield* connectedPair()
    yield* resetByClosing(server, client)
    // The first write may still be accepted: nobody has told us yet.
    const write = Effect.exit(client.write(new Uint8Array([1])))
    yield* eventually(
      "a write fails",
      Effect.map(write, (exit) => exit._tag === "Failure")
    )
    const error = yield* failsWith("Broken", client.write(new Uint8Array([1])))
    yield* isTrue(error.cause !== undefined, "The host's own error should be kept as cause")
  }),

  law("TCP-22", "after a half-close the peer reads the end, and its answer arrives", function* () {
    const { client, server } = yield* connectedPair()
    yield* client.write(ascii("question"))
    yield* client.shutdown
    yield* sameBytes(yield* readAll(server), ascii("question"), "question")
    const answer = yield* randomBytes(50_000)
    yield* Effect.forkChild(Effect.andThen(server.write(answer), server.shutdown))
    yield* sameBytes(yield* readAll(client), answer, "answer")
  }),

  law("TCP-23", "a half-close waits for the bytes written before it", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(3_000_000)
    const writing = yield* Effect.forkChild(client.write(bytes), { startImmediately: true })
    const ending = yield* Effect.forkChild(client.shutdown, { startImmediately: true })
    yield* sameBytes(yield* readAll(server), bytes, "bytes read")
    yield* Fiber.join(writing)
    yield* Fiber.join(ending)
  }),

  law("TCP-24", "after a half-close writing fails with Closed", function* () {
    const { client, server } = yield* connectedPair()
    yield* client.shutdown
    yield* failsWith("Closed", client.write(new Uint8Array([1])))
    yield* failsWith("Closed", client.writeAll([new Uint8Array([1])]))
    yield* failsWith("Closed", client.tryWrite(new Uint8Array([1])))
    yield* ends(server)
  }),

  law("TCP-25", "a second half-close does nothing", function* () {
    const { client, server } = yield* connectedPair()
    yield* client.shutdown
    yield* client.shutdown
    yield* ends(server)
    yield* client.shutdown
    yield* server.write(new Uint8Array([3]))
    yield* reads(client, new Uint8Array([3]))
  }),

  law("TCP-26", "a half-close after the peer's reset does nothing", function* () {
    const { client, server } = yield* connectedPair()
    yield* resetByClosing(server, client)
    yield* client.shutdown
    yield* failsWith(["ConnectionReset", "Broken"], client.read)
    yield* client.shutdown
  }),

  law("TCP-27", "both sides may half-close at the same time, and both end", function* () {
    const { client, server } = yield* connectedPair()
    yield* Effect.all([client.shutdown, server.shutdown], { concurrency: 2 })
    yield* ends(client)
    yield* ends(server)
    yield* equals(client.state._tag, "Ended", "state of one")
    yield* equals(server.state._tag, "Ended", "state of the other")
  }),

  law("TCP-28", "the state tells which side has ended", function* () {
    const { client, server } = yield* connectedPair()
    yield* equals(client.state._tag, "Open", "at first")
    yield* client.shutdown
    yield* equals(client.state._tag, "HalfClosedLocal", "after our end")
    yield* ends(server)
    yield* equals(server.state._tag, "HalfClosedRemote", "after the peer's end")
    yield* server.shutdown
    yield* equals(server.state._tag, "Ended", "after both")
    yield* server.close
    yield* equals(server.state._tag, "Closed", "after close")
  }),

  law("TCP-32", "an interrupted half-close that waits has not happened", function* () {
    const { client, server } = yield* connectedPair()
    const first = yield* clog(client)
    const ending = yield* Effect.forkChild(client.shutdown, { startImmediately: true })
    yield* settle
    if (ending.pollUnsafe() !== undefined) return yield* fails("The half-close did not wait")
    yield* Fiber.interrupt(ending)
    yield* Effect.forkChild(
      Effect.gen(function* () {
        yield* Fiber.join(first.writer)
        yield* client.write(new Uint8Array([42]))
        yield* client.shutdown
      })
    )
    const all = yield* readAll(server)
    yield* equals(all.length, first.bytes + 1, "bytes read")
    yield* equals(all[first.bytes], 42, "written after the interrupted half-close")
  })
])
