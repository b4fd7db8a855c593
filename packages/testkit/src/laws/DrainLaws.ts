/** Laws of how a server stops: SCOPE. */
import { SoftCancel, Tcp, type TcpServer } from "@portico/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { inputOf } from "../Connections.ts"
import { equals, failsWith, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { ends } from "../Streams.ts"
import { eventually, settle } from "../Turns.ts"
import { yieldingFibers } from "../YieldingFibers.ts"

const options = { port: 0, connectionsMax: 10 }

const running = (server: TcpServer.TcpServer, count: number) =>
  eventually(
    `${count} handlers run`,
    Effect.map(server.connections, (n) => n === count)
  )

const sameReport = (actual: TcpServer.DrainReport, expected: TcpServer.DrainReport) =>
  Effect.gen(function* () {
    yield* equals(actual.finished, expected.finished, "finished")
    yield* equals(actual.interrupted, expected.interrupted, "interrupted")
    yield* equals(actual.left, expected.left, "left")
  })

export const DrainLaws = lawGroup("Draining", [
  law("SCOPE-01", "a server's scope ends only after all its handlers", function* () {
    const scope = yield* Scope.make()
    const gate = yield* Deferred.make<void>()
    const server = yield* Tcp.serve(() => Deferred.await(gate), options).pipe(Scope.provide(scope))
    yield* Tcp.connect(inputOf(server.address))
    yield* running(server, 1)
    const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void), {
      startImmediately: true
    })
    yield* settle
    yield* isTrue(closing.pollUnsafe() === undefined, "The scope ended before its handler")
    yield* Deferred.succeed(gate, undefined)
    yield* Fiber.join(closing)
    yield* equals(yield* server.connections, 0, "connections")
  }),

  law(
    "SCOPE-08",
    "draining accepts no more and reports who finished, was interrupted, was left",
    function* () {
      const finish = yield* Deferred.make<void>()
      const release = yield* Deferred.make<void>()
      const bodies = [
        Deferred.await(finish),
        Effect.never,
        Effect.uninterruptible(Deferred.await(release))
      ]
      let next = 0
      const server = yield* Tcp.serve(() => Effect.suspend(() => bodies[next++]!), options)
      for (const count of [1, 2, 3]) {
        yield* Tcp.connect(inputOf(server.address))
        yield* running(server, count)
      }
      const draining = yield* Effect.forkChild(
        server.drain({ deadline: "20 millis", interruptGrace: "20 millis" }),
        { startImmediately: true }
      )
      // Within the deadline on any machine: no turn has passed since the drain began.
      yield* Deferred.succeed(finish, undefined)
      yield* settle
      yield* failsWith("ConnectionRefused", Tcp.connect(inputOf(server.address)))
      yield* sameReport(yield* Fiber.join(draining), { finished: 1, interrupted: 1, left: 1 })
      yield* Deferred.succeed(release, undefined)
    }
  ),

  law("SCOPE-10", "a drained server has stopped, without an error", function* () {
    const server = yield* Tcp.serve(() => Effect.void, options)
    const stopping = yield* Effect.forkChild(server.stopped, { startImmediately: true })
    yield* settle
    yield* isTrue(stopping.pollUnsafe() === undefined, "It stopped before the drain")
    yield* server.drain({ deadline: "1 second" })
    yield* Fiber.join(stopping)
    yield* server.stopped
  }),

  law("SCOPE-11", "a second drain gives the first one's report", function* () {
    const gate = yield* Deferred.make<void>()
    const server = yield* Tcp.serve(() => Deferred.await(gate), options)
    yield* Tcp.connect(inputOf(server.address))
    yield* running(server, 1)
    const drains = yield* Effect.forEach([1, 2], () =>
      Effect.forkChild(server.drain({ deadline: "1 second" }), { startImmediately: true })
    )
    yield* Deferred.succeed(gate, undefined)
    for (const drain of drains) {
      yield* sameReport(yield* Fiber.join(drain), { finished: 1, interrupted: 0, left: 0 })
    }
    const late = yield* server.drain({ deadline: 0 })
    yield* sameReport(late, { finished: 1, interrupted: 0, left: 0 })
  }),

  law("SCOPE-12", "interrupting a drain interrupts the handlers at once", function* () {
    const interrupted = yield* Deferred.make<void>()
    const server = yield* Tcp.serve(
      () => Effect.onInterrupt(Effect.never, () => Deferred.succeed(interrupted, undefined)),
      options
    )
    yield* Tcp.connect(inputOf(server.address))
    yield* running(server, 1)
    const draining = yield* Effect.forkChild(server.drain({ deadline: "1 minute" }), {
      startImmediately: true
    })
    yield* settle
    yield* Fiber.interrupt(draining)
    yield* Deferred.await(interrupted)
    yield* running(server, 0)
  }),

  law(
    "SCOPE-13",
    "a handler that runs while the server drains still answers its client",
    function* () {
      const gate = yield* Deferred.make<void>()
      const server = yield* Tcp.serve(
        (stream) => Effect.andThen(Deferred.await(gate), stream.write(new Uint8Array([5]))),
        options
      )
      const client = yield* Tcp.connect(inputOf(server.address))
      yield* running(server, 1)
      const draining = yield* Effect.forkChild(server.drain({ deadline: "1 second" }), {
        startImmediately: true
      })
      yield* settle
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(draining)
      yield* equals((yield* client.read)[0], 5, "answer given while draining")
      yield* ends(client)
    }
  ),

  law(
    "SCOPE-31",
    "a drain ends with the grace of the region that it stops in, if that is shorter",
    function* () {
      const region = yield* Deferred.make<SoftCancel.SoftCancel>()
      const serving = yield* Deferred.make<TcpServer.TcpServer>()
      const body = Effect.scoped(
        Effect.gen(function* () {
          const server = yield* Tcp.serve(() => Effect.never, {
            ...options,
            drainDeadline: "1 hour"
          })
          yield* Tcp.connect(inputOf(server.address))
          yield* running(server, 1)
          yield* Deferred.succeed(serving, server)
          yield* SoftCancel.awaitRequest
        })
      )
      const stopping = yield* Effect.forkChild(
        SoftCancel.run((self) => Effect.andThen(Deferred.succeed(region, self), body), {
          grace: "3 millis"
        }),
        { startImmediately: true }
      )
      const server = yield* Deferred.await(serving)
      yield* Effect.flatMap(Deferred.await(region), (self) => self.request())
      yield* Fiber.await(stopping)
      const report = yield* server.drain({ deadline: 0 })
      yield* sameReport(report, { finished: 0, interrupted: 1, left: 0 })
    }
  ),

  law(
    "SCOPE-32",
    "a drain interrupted at any moment leaves a report to the next",
    function* () {
      for (let turns = 0; turns < 12; turns++) {
        const server = yield* Tcp.serve(() => Effect.never, options)
        const first = yield* Effect.forkChild(server.drain({ deadline: "1 minute" }), {
          startImmediately: true
        })
        for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
        yield* Fiber.interrupt(first)
        yield* server.drain({ deadline: 0 })
      }
    },
    { ports: yieldingFibers }
  ),

  law("SCOPE-14", "a server with no connections drains at once", function* () {
    const server = yield* Tcp.serve(() => Effect.never, options)
    const report = yield* server.drain({ deadline: "1 minute" })
    yield* sameReport(report, { finished: 0, interrupted: 0, left: 0 })
  })
])
