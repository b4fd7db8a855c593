/** Laws of lifetimes: a handle ends with its scope, and scopes always end. SCOPE. */
import { Tcp, type TcpStream } from "@portico/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { clogBytes, fill } from "../Clog.ts"
import { connectedPair, inputOf, listening } from "../Connections.ts"
import { equals, failsWith, isTrue } from "../Expectation.ts"
import { anotherBackend, silentConnects, withPorts } from "../FaultyPorts.ts"
import { handles } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { ends } from "../Streams.ts"
import { parked } from "../Turns.ts"

export const ScopeLaws = lawGroup("Scopes", [
  law("SCOPE-07", "a scope whose handles are closed already ends without waiting", function* () {
    const scope = yield* Scope.make()
    const { client, listener, server } = yield* Scope.provide(connectedPair(), scope)
    yield* Effect.all([client.close, server.close, listener.close], { concurrency: "unbounded" })
    yield* Scope.close(scope, Exit.void)
  }),

  law("SCOPE-02", "a scope that fails or is interrupted closes its handles too", function* () {
    const listener = yield* listening
    const connect = Tcp.connect(inputOf(listener.address))
    const failing = yield* Effect.exit(
      Effect.scoped(Effect.andThen(connect, Effect.fail("a failure")))
    )
    yield* isTrue(Exit.isFailure(failing), "It should fail")
    yield* ends(yield* listener.accept)
    const connected = yield* Deferred.make<TcpStream.TcpStream>()
    const readingOn = yield* Effect.forkChild(
      Effect.scoped(
        Effect.gen(function* () {
          const stream = yield* connect
          yield* Deferred.succeed(connected, stream)
          yield* stream.read
        })
      )
    )
    const server = yield* listener.accept
    yield* parked(yield* Deferred.await(connected))
    yield* Fiber.interrupt(readingOn)
    yield* ends(server)
    const listed = yield* handles
    yield* equals(listed.filter((handle) => handle.kind === "TcpStream").length, 2, "streams")
  }),

  law(
    "SCOPE-16",
    "a connect under way when its backend ends is given up with Closed",
    function* () {
      let cancelled = 0
      const silent = silentConnects(() => cancelled++)
      const connecting = Effect.gen(function* () {
        const scope = yield* Scope.make()
        const world = yield* Layer.buildWithScope(anotherBackend, scope)
        const attempt = Effect.provide(Effect.scoped(Tcp.connect({ port: 80 })), world)
        const fiber = yield* Effect.forkChild(failsWith("Closed", attempt), {
          startImmediately: true
        })
        yield* Scope.close(scope, Exit.void)
        yield* Fiber.join(fiber)
      })
      yield* withPorts(silent, connecting)
      yield* equals(cancelled, 1, "attempts given up")
    }
  ),

  law("SCOPE-15", "a backend that was shut down opens nothing more", function* () {
    const scope = yield* Scope.make()
    const world = yield* Layer.buildWithScope(anotherBackend, scope)
    const { address } = yield* listening
    yield* Scope.close(scope, Exit.void)
    const opens = [Effect.asVoid(Tcp.connect(inputOf(address))), Effect.asVoid(listening)]
    for (const open of opens) {
      yield* failsWith("Closed", Effect.provide(Effect.scoped(open), world))
    }
  }),

  law("SCOPE-09", "a backend with readers, writers and accepts pending always ends", function* () {
    const scope = yield* Scope.make()
    const world = yield* Layer.buildWithScope(anotherBackend, scope)
    const opened = yield* Scope.provide(connectedPair({ closeGrace: "10 millis" }), scope).pipe(
      Effect.provide(world)
    )
    const { client, listener, server } = opened
    yield* Effect.provide(fill(client), world)
    const waiting = yield* Effect.forEach(
      [
        Effect.asVoid(client.read),
        client.write(new Uint8Array(clogBytes)),
        client.flush,
        Effect.asVoid(Effect.scoped(listener.accept))
      ],
      (effect) => Effect.forkChild(Effect.exit(effect), { startImmediately: true })
    )
    yield* parked(client, 2)
    yield* parked(listener)
    yield* Scope.close(scope, Exit.void)
    const exits = yield* Effect.forEach(waiting, (fiber) => Fiber.join(fiber))
    yield* isTrue(exits.every(Exit.isFailure), "Every pending operation should fail")
    for (const { label, state } of [client, listener, server]) {
      yield* equals(state._tag, "Closed", label)
    }
  })
])
