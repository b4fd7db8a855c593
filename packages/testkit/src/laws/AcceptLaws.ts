/** Laws of `Tcp.listen` and of accepting, one connection at a time: ACC. */
import { Address, Backend, Tcp } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { connectedPair, connectTo, inputOf, listening } from "../Connections.ts"
import { equals, equalsAll, failsWith, fails, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { ends } from "../Streams.ts"
import { eventually, parked, settle } from "../Turns.ts"

export const AcceptLaws = lawGroup("Accepting", [
  law("ACC-04", "a closed listener fails with Closed and keeps its address", function* () {
    const listener = yield* listening
    const address = Address.format(listener.address)
    yield* listener.close
    yield* failsWith("Closed", listener.accept)
    yield* failsWith("Closed", listener.tryAccept)
    yield* failsWith("Closed", listener.awaitReadable)
    yield* equals(Address.format(listener.address), address, "address")
  }),

  law("ACC-05", "closing a listener wakes every pending accept with Closed", function* () {
    const listener = yield* listening
    const accepting = yield* Effect.forEach([1, 2, 3], () =>
      Effect.forkChild(failsWith("Closed", listener.accept), { startImmediately: true })
    )
    yield* parked(listener, 3)
    yield* listener.close
    yield* Fiber.joinAll(accepting)
  }),

  law(
    "ACC-06",
    "connections made before the first accept are all delivered, in order",
    function* () {
      const listener = yield* listening
      const clients = yield* Effect.forEach([1, 2, 3, 4], () =>
        Tcp.connect(inputOf(listener.address))
      )
      const expected: Array<string> = []
      const accepted: Array<string> = []
      for (const client of clients) {
        expected.push(Address.format(yield* client.localAddress))
        const stream = yield* listener.accept
        accepted.push(Address.format(yield* stream.peerAddress))
      }
      yield* equalsAll(accepted, expected, "connections in order")
    }
  ),

  law("ACC-07", "closing a listener with connections pending is safe", function* () {
    const listener = yield* listening
    yield* Effect.forEach([1, 2, 3], () => Tcp.connect(inputOf(listener.address)))
    yield* listener.accept
    yield* listener.close
    yield* equals(listener.state._tag, "Closed", "state")
  }),

  law(
    "ACC-08",
    "connections that were never accepted are reset when the listener closes",
    function* () {
      const listener = yield* listening
      const client = yield* Tcp.connect(inputOf(listener.address))
      yield* listener.awaitReadable
      yield* listener.close
      yield* failsWith("ConnectionReset", client.read)
    }
  ),

  law("ACC-11", "several fibers may accept and are served in call order", function* () {
    const listener = yield* listening
    const order: Array<number> = []
    const accepting = yield* Effect.forEach([1, 2, 3], (n) =>
      Effect.forkChild(
        Effect.tap(listener.accept, () => Effect.sync(() => order.push(n))),
        { startImmediately: true }
      )
    )
    for (const n of [1, 2, 3]) {
      yield* Tcp.connect(inputOf(listener.address))
      yield* eventually(
        `accept ${n} of 3`,
        Effect.sync(() => order.length === n)
      )
    }
    yield* Fiber.joinAll(accepting)
    yield* equalsAll(order, [1, 2, 3], "order")
  }),

  law("ACC-21", "trying to accept gives none until a connection is there", function* () {
    const listener = yield* listening
    yield* isTrue(Option.isNone(yield* listener.tryAccept), "Nobody has connected yet")
    const client = yield* Tcp.connect(inputOf(listener.address))
    yield* listener.awaitReadable
    const accepted = yield* listener.tryAccept
    if (Option.isNone(accepted)) return yield* fails("Readable, but tryAccept gave none")
    yield* accepted.value.close
    yield* ends(client)
  }),

  law("ACC-22", "an interrupted accept takes no connection", function* () {
    const listener = yield* listening
    const accepting = yield* Effect.forkChild(listener.accept, { startImmediately: true })
    yield* parked(listener)
    yield* Fiber.interrupt(accepting)
    yield* isTrue(Exit.hasInterrupts(yield* Fiber.await(accepting)), "It should be interrupted")
    yield* equals(listener.waits.length, 0, "waiting")
    yield* connectTo(listener)
  }),

  law("ACC-23", "an accepted stream ends with the scope that accepted it", function* () {
    const listener = yield* listening
    const client = yield* Tcp.connect(inputOf(listener.address))
    const server = yield* Effect.scoped(listener.accept)
    yield* equals(server.state._tag, "Closed", "state")
    yield* ends(client)
  }),

  law("ACC-24", "a listener counts what it accepted", function* () {
    const { listener } = yield* connectedPair()
    yield* connectTo(listener)
    yield* equals(listener.counters.connectionsAccepted, 2, "connectionsAccepted")
  }),

  law(
    "ACC-31",
    "beyond its queue a listener leaves connections in the kernel or resets",
    function* () {
      const { capabilities } = yield* Backend.Backend
      const listener = yield* Tcp.listen({ port: 0, acceptQueueMax: 2 })
      // A reset may come before our own host has told us that we are connected.
      const clients = yield* Effect.forEach([0, 1, 2, 3], () =>
        Effect.result(Tcp.connect(inputOf(listener.address)))
      )
      yield* settle
      for (const [n, client] of clients.entries()) {
        const read = Effect.flatMap(Effect.fromResult(client), (stream) => stream.read)
        if (n >= 2 && !capabilities.acceptPause) {
          yield* failsWith("ConnectionReset", read)
          continue
        }
        const server = yield* listener.accept
        yield* server.write(new Uint8Array([n]))
        yield* equals((yield* read)[0], n, "answer")
      }
    }
  )
])
