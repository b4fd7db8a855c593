/** Laws of the Reactor: REACT. */
import {
  type Handle,
  Interest,
  type IoError,
  Reactor,
  Tcp,
  type TcpListener,
  type TcpStream
} from "@portico/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import { fill } from "../Clog.ts"
import { connectedPair, inputOf, listening } from "../Connections.ts"
import { equals, failsWith, isTrue, rejects } from "../Expectation.ts"
import { anotherBackend } from "../FaultyPorts.ts"
import { law, lawGroup } from "../Law.ts"
import { parked } from "../Turns.ts"

const readiness = (
  handle: TcpStream.TcpStream | TcpListener.TcpListener,
  interest: Interest.Interest
) => Reactor.Reactor.use((reactor) => reactor.awaitReadiness(handle, interest))

type Wait = Effect.Effect<void, IoError.IoError, Reactor.Reactor | Scope.Scope>

const nothing: Interest.Interest = { read: false, write: false }

export const ReactorLaws = lawGroup("Reactor", [
  law("REACT-02", "a fresh stream is writable at once", function* () {
    const { client } = yield* connectedPair()
    const ready = yield* readiness(client, Interest.write)
    yield* isTrue(ready.writable, "It should be writable")
    yield* isTrue(!ready.hangUp, "Nothing ended")
  }),

  law(
    "REACT-01",
    "a stream becomes readable when bytes come, and says so at once then",
    function* () {
      const { client, server } = yield* connectedPair()
      const waiting = yield* Effect.forkChild(readiness(server, Interest.read), {
        startImmediately: true
      })
      yield* parked(server)
      yield* client.write(new Uint8Array([1]))
      yield* isTrue((yield* Fiber.join(waiting)).readable, "It should be readable")
      yield* isTrue((yield* readiness(server, Interest.read)).readable, "It still should be")
      yield* isTrue(Option.isSome(yield* server.tryRead), "So a read should find something")
    }
  ),

  law("REACT-03", "a second waiter for the same direction is Busy", function* () {
    const { client } = yield* connectedPair({ closeGrace: "10 millis" })
    yield* fill(client)
    for (const interest of [Interest.read, Interest.write]) {
      const first = yield* Effect.forkChild(readiness(client, interest), {
        startImmediately: true
      })
      yield* parked(client)
      yield* failsWith("Busy", readiness(client, interest))
      yield* isTrue(first.pollUnsafe() === undefined, "The first should still wait")
      yield* Fiber.interrupt(first)
    }
  }),

  law("REACT-04", "one reader and one writer may wait on a stream together", function* () {
    const { client, server } = yield* connectedPair()
    const filled = yield* fill(client)
    const reader = yield* Effect.forkChild(readiness(client, Interest.read), {
      startImmediately: true
    })
    const writer = yield* Effect.forkChild(readiness(client, Interest.write), {
      startImmediately: true
    })
    yield* parked(client, 2)
    yield* server.write(new Uint8Array([1]))
    yield* isTrue((yield* Fiber.join(reader)).readable, "The reader should be told")
    yield* server.readExactly(filled)
    yield* isTrue((yield* Fiber.join(writer)).writable, "The writer should be told")
  }),

  law("REACT-05", "an interest in both is told all that holds", function* () {
    const { client, server } = yield* connectedPair()
    const before = yield* readiness(client, Interest.both)
    yield* isTrue(before.writable && !before.readable, "Only writable at first")
    yield* server.write(new Uint8Array([1]))
    yield* client.awaitReadable
    const after = yield* readiness(client, Interest.both)
    yield* isTrue(after.writable && after.readable, "Both after bytes came")
  }),

  law("REACT-07", "waiting on a closed handle fails with Closed", function* () {
    const { client, listener } = yield* connectedPair()
    yield* client.close
    yield* failsWith("Closed", readiness(client, Interest.read))
    yield* failsWith("Closed", readiness(client, Interest.write))
    yield* listener.close
    yield* failsWith("Closed", readiness(listener, Interest.read))
  }),

  law("REACT-09", "closing a handle wakes its waiters with Closed", function* () {
    const { client } = yield* connectedPair()
    const waiting = yield* Effect.forkChild(failsWith("Closed", readiness(client, Interest.read)), {
      startImmediately: true
    })
    yield* parked(client)
    yield* client.close
    yield* Fiber.join(waiting)
  }),

  law("REACT-08", "shutting the backend down wakes every waiter with Closed", function* () {
    const scope = yield* Scope.make()
    const world = yield* Layer.buildWithScope(anotherBackend, scope)
    const kept = yield* Deferred.make<ReadonlyArray<Handle.Handle>>()
    const waiters = Effect.scoped(
      Effect.gen(function* () {
        const { client, listener, server } = yield* connectedPair()
        yield* Deferred.succeed(kept, [client, listener, server])
        const waits: ReadonlyArray<Wait> = [
          Effect.asVoid(readiness(client, Interest.read)),
          Effect.asVoid(listener.accept),
          Effect.asVoid(server.read),
          Effect.asVoid(readiness(listener, Interest.read))
        ]
        yield* Effect.forEach(waits, (wait) => failsWith("Closed", wait), {
          concurrency: "unbounded"
        })
      })
    )
    const waiting = yield* Effect.forkChild(Effect.provide(waiters, world))
    for (const handle of yield* Deferred.await(kept)) yield* parked(handle)
    yield* Scope.close(scope, Exit.void)
    yield* Fiber.join(waiting)
  }),

  law("REACT-10", "an interrupted wait removes its registration", function* () {
    const { client } = yield* connectedPair({ closeGrace: "10 millis" })
    yield* fill(client)
    for (const interest of [Interest.read, Interest.write, Interest.both, Interest.read]) {
      const waiting = yield* Effect.forkChild(readiness(client, interest), {
        startImmediately: true
      })
      yield* parked(client)
      yield* Fiber.interrupt(waiting)
      yield* equals(client.waits.length, 0, "waiting")
    }
  }),

  law(
    "REACT-11",
    "an interest in nothing, and in writing on a listener, are refused",
    function* () {
      const { client, listener } = yield* connectedPair()
      yield* rejects("interest", readiness(client, nothing))
      yield* rejects("interest", readiness(listener, nothing))
      yield* rejects("interest", readiness(listener, Interest.write))
    }
  ),

  law("REACT-12", "the peer's end shows as readable and as a hang-up", function* () {
    const { client, server } = yield* connectedPair()
    yield* client.shutdown
    yield* server.awaitReadable
    const ready = yield* readiness(server, Interest.both)
    yield* isTrue(ready.readable, "The end is something to read")
    yield* isTrue(ready.hangUp, "The end is a hang-up")
  }),

  law("REACT-13", "a listener is readable when a connection waits", function* () {
    const listener = yield* listening
    const waiting = yield* Effect.forkChild(readiness(listener, Interest.read), {
      startImmediately: true
    })
    yield* parked(listener)
    yield* Tcp.connect(inputOf(listener.address))
    const ready = yield* Fiber.join(waiting)
    yield* isTrue(ready.readable && !ready.writable && !ready.hangUp, "Readable and nothing else")
    yield* isTrue(Option.isSome(yield* listener.tryAccept), "So accept should find one")
  })
])
