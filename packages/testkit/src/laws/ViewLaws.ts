/** Laws of a stream's views as Effect's `Stream`, `Sink` and `Channel`. */
import { StreamViews } from "@portico/core"
import * as Channel from "effect/Channel"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { concat, randomBytes, randomChunks } from "../Bytes.ts"
import { connectedPair } from "../Connections.ts"
import { equals, failsWith, isTrue, sameBytes } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { ends, readAll, reads } from "../Streams.ts"

export const ViewLaws = lawGroup("Views", [
  law("VIEW-01", "a Stream gives every byte in order, and ends with the stream", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(60_000)
    yield* Effect.forkChild(Effect.andThen(client.write(bytes), client.shutdown))
    const chunks = yield* Stream.runCollect(StreamViews.toStream(server))
    yield* sameBytes(concat(chunks), bytes, "collected")
  }),

  law("VIEW-02", "a Stream that is ended early leaves the rest to be read", function* () {
    const { client, server } = yield* connectedPair()
    yield* client.write(new Uint8Array([1]))
    const first = yield* Stream.runCollect(Stream.take(StreamViews.toStream(server), 1))
    yield* equals(first.length, 1, "chunks")
    yield* client.write(new Uint8Array([2]))
    yield* reads(server, new Uint8Array([2]))
  }),

  law("VIEW-03", "a Stream fails as its stream's read does", function* () {
    const { client, server } = yield* connectedPair()
    const draining = yield* Effect.forkChild(Stream.runDrain(StreamViews.toStream(server)), {
      startImmediately: true
    })
    yield* client.reset
    yield* failsWith("ConnectionReset", Fiber.join(draining))
  }),

  law("VIEW-04", "a Sink writes every chunk in order, then half-closes", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(30_000)
    const chunks = yield* randomChunks(bytes, 3_000)
    const reading = yield* Effect.forkChild(readAll(server))
    yield* Stream.run(Stream.fromIterable(chunks), StreamViews.toSink(client))
    yield* sameBytes(yield* Fiber.join(reading), bytes, "received")
    yield* equals(client.state._tag, "HalfClosedLocal", "state")
  }),

  law("VIEW-05", "a Sink told to leave the sending side open does", function* () {
    const { client, server } = yield* connectedPair()
    const sink = StreamViews.toSink(client, { shutdownOnEnd: false })
    yield* Stream.run(Stream.make(new Uint8Array([1]), new Uint8Array([2])), sink)
    yield* reads(server, new Uint8Array([1, 2]))
    yield* client.write(new Uint8Array([3]))
    yield* reads(server, new Uint8Array([3]))
  }),

  law("VIEW-06", "a Channel goes both ways at once, and ends with the peer", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(40_000)
    const chunks = yield* randomChunks(bytes, 2_000)
    const echo = Effect.andThen(
      Stream.run(StreamViews.toStream(server), StreamViews.toSink(server)),
      server.shutdown
    )
    const echoing = yield* Effect.forkChild(echo)
    const sent = Stream.toChannel(Stream.fromIterable(chunks))
    const echoed = yield* Stream.runCollect(
      Stream.fromChannel(Channel.pipeTo(sent, StreamViews.toChannel(client)))
    )
    yield* sameBytes(concat(echoed), bytes, "echoed")
    yield* Fiber.join(echoing)
    yield* ends(client)
  }),

  law("VIEW-07", "a Channel whose upstream fails resets the stream and fails so", function* () {
    const { client, server } = yield* connectedPair()
    const upstream = Stream.toChannel(Stream.fail("upstream"))
    const exit = yield* Effect.exit(
      Stream.runDrain(Stream.fromChannel(Channel.pipeTo(upstream, StreamViews.toChannel(client))))
    )
    const isUpstreams =
      exit._tag === "Failure" &&
      exit.cause.reasons.some((reason) => reason._tag === "Fail" && reason.error === "upstream")
    yield* isTrue(isUpstreams, "The failure should be the upstream's")
    yield* failsWith("ConnectionReset", server.read)
  })
])
