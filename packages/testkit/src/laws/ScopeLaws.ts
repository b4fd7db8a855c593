/** Laws of lifetimes: a handle ends with its scope, and scopes always end. SCOPE. */
import { Handle, Tcp } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { connectedPair, inputOf, listening } from "../Connections.ts"
import { equals, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { LawEnvironment } from "../LawEnvironment.ts"
import { clogBytes, ends, fill } from "../Streams.ts"
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
    const parkedIn = yield* Effect.forkChild(
      Effect.scoped(Effect.flatMap(connect, (stream) => stream.read))
    )
    const server = yield* listener.accept
    yield* Fiber.interrupt(parkedIn)
    yield* ends(server)
    const handles = yield* Effect.flatMap(Handle.Handles, (service) => service.list)
    yield* equals(handles.filter((handle) => handle.kind === "TcpStream").length, 2, "streams")
  }),

  law("SCOPE-09", "a backend with readers, writers and accepts pending always ends", function* () {
    const { anotherBackend } = yield* LawEnvironment
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
