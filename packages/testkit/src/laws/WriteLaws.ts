/** Laws of writing: what arrives, in which order, and whose memory it is. */
import * as Effect from "effect/Effect"
import * as Scheduler from "effect/Scheduler"
import { ascii, concat, randomBytes, randomChunks } from "../Bytes.ts"
import { connectedPair, inputOf, listening } from "../Connections.ts"
import { equals, failsWith, isTrue, sameBytes } from "../Expectation.ts"
import { changingStreams, overriding, withPorts } from "../FaultyPorts.ts"
import { law, lawGroup } from "../Law.ts"
import { ends, readAll, reads, resetByClosing } from "../Streams.ts"
import { settle } from "../Turns.ts"
import { Tcp } from "@portico/core"

export const WriteLaws = lawGroup("Writing", [
  law("TCP-01", "bytes written before the peer accepted arrive in order after it", function* () {
    const listener = yield* listening
    const client = yield* Tcp.connect(inputOf(listener.address))
    yield* client.write(ascii("first "))
    yield* client.write(ascii("second"))
    yield* client.flush
    yield* settle
    const server = yield* listener.accept
    yield* reads(server, ascii("first second"))
  }),

  law("TCP-03", "many small writes in a row arrive as one ordered stream", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(100_000)
    const sending = Effect.gen(function* () {
      for (const chunk of yield* randomChunks(bytes, 200)) yield* client.write(chunk)
      yield* client.shutdown
    })
    yield* Effect.forkChild(sending)
    yield* sameBytes(yield* readAll(server), bytes, "bytes read")
  }),

  law("WRITE-01", "small writes of one turn leave in one call to the host", function* () {
    let calls = 0
    const counting = changingStreams((stream) =>
      overriding(stream, {
        tryWrite: (bytes) => {
          calls++
          return stream.tryWrite(bytes)
        }
      })
    )
    const writing = Effect.gen(function* () {
      const { client, server } = yield* connectedPair()
      // A slice that ends between two writes, as it does on a busy machine, begins another turn.
      const writes = Effect.forEach([...Array(20).keys()], (n) =>
        client.write(new Uint8Array(8).fill(n))
      )
      yield* Effect.provideService(writes, Scheduler.PreventSchedulerYield, true)
      yield* equals((yield* server.readExactly(160))[159], 19, "last byte")
    })
    yield* withPorts(counting, Effect.scoped(writing))
    yield* equals(calls, 1, "calls to the host")
  }),

  law("TCP-07", "an empty write sends nothing but checks the stream", function* () {
    const nothing = new Uint8Array(0)
    const { client, server } = yield* connectedPair()
    yield* client.write(nothing)
    yield* client.writeAll([])
    yield* equals(yield* client.tryWrite(nothing), 0, "tryWrite of nothing")
    yield* client.shutdown
    yield* ends(server)
    yield* failsWith("Closed", client.write(nothing))
    yield* failsWith("Closed", client.writeAll([]))
    yield* client.close
    yield* failsWith("Closed", client.write(nothing))
  }),

  law("WRITE-02", "an empty write on a broken stream fails with Broken", function* () {
    const { client, server } = yield* connectedPair()
    yield* resetByClosing(server, client)
    yield* failsWith("ConnectionReset", client.read)
    yield* failsWith("Broken", client.write(new Uint8Array(0)))
  }),

  law("WRITE-03", "the array is the writer's again on success", function* () {
    const { client, server } = yield* connectedPair()
    const sizes = [1, 100, 20_000, 300_000]
    const sent: Array<Uint8Array> = []
    const sending = Effect.gen(function* () {
      for (const size of sizes) {
        const bytes = yield* randomBytes(size)
        sent.push(bytes.slice())
        yield* client.write(bytes)
        bytes.fill(0)
      }
      yield* client.shutdown
    })
    yield* Effect.forkChild(sending)
    const all = yield* readAll(server)
    yield* sameBytes(all, concat(sent), "bytes read")
  }),

  law("WRITE-04", "trying to write copies what it takes", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(1_000)
    const original = bytes.slice()
    const count = yield* client.tryWrite(bytes)
    bytes.fill(0)
    yield* isTrue(count > 0, "A fresh stream should take something")
    yield* reads(server, original.subarray(0, count))
  }),

  law("WRITE-05", "a large write arrives whole", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(4_000_000)
    yield* Effect.forkChild(Effect.andThen(client.write(bytes), client.shutdown))
    yield* sameBytes(yield* readAll(server), bytes, "bytes read")
  }),

  law("TCP-35", "a vectored write of 2000 small pieces arrives whole and in order", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(60_000)
    const pieces = Array.from({ length: 2_000 }, (_, n) => bytes.subarray(n * 30, n * 30 + 30))
    yield* Effect.forkChild(Effect.andThen(client.writeAll(pieces), client.shutdown))
    yield* sameBytes(yield* readAll(server), bytes, "bytes read")
  }),

  law("WRITE-06", "a vectored write may hold empty pieces and large ones", function* () {
    const { client, server } = yield* connectedPair()
    const nothing = new Uint8Array(0)
    const [small, large] = [yield* randomBytes(10), yield* randomBytes(200_000)]
    const pieces = [nothing, small, nothing, large, small, nothing]
    yield* Effect.forkChild(Effect.andThen(client.writeAll(pieces), client.shutdown))
    yield* sameBytes(yield* readAll(server), concat(pieces), "bytes read")
  }),

  law("WRITE-07", "both directions carry bytes at the same time", function* () {
    const { client, server } = yield* connectedPair()
    const [there, back] = [yield* randomBytes(700_000), yield* randomBytes(500_000)]
    const [atServer, atClient] = yield* Effect.all(
      [
        readAll(server),
        readAll(client),
        Effect.andThen(client.write(there), client.shutdown),
        Effect.andThen(server.write(back), server.shutdown)
      ],
      { concurrency: "unbounded" }
    )
    yield* sameBytes(atServer, there, "bytes that went there")
    yield* sameBytes(atClient, back, "bytes that came back")
  }),

  law("WRITE-08", "flush returns when the host has every byte", function* () {
    const { client, server } = yield* connectedPair()
    yield* client.write(new Uint8Array(1_000))
    yield* client.flush
    yield* equals(client.counters.bytesQueued, 0, "bytesQueued")
    yield* equals(client.counters.bytesWritten, 1_000, "bytesWritten")
    yield* client.flush
    yield* equals((yield* server.readExactly(1_000)).length, 1_000, "bytes read")
  })
])
