/** Laws of the host's loop as handles show it: LOOP. */
import type { Handle, TcpStream } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { connectedPair, connectTo, listening } from "../Connections.ts"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { handles, isAlive } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { withOwnSleeps } from "../OwnSleeps.ts"
import { reads } from "../Streams.ts"
import { beginning, parked, settle } from "../Turns.ts"

export const LoopLaws = lawGroup("Loop", [
  law("LOOP-02", "only a handle that is ref'd keeps the loop alive", function* () {
    const body = Effect.gen(function* () {
      const listener = yield* listening
      yield* isTrue(listener.isRef, "A new handle should be ref'd")
      yield* isTrue(yield* isAlive, "A listener should keep the loop alive")
      yield* listener.unref
      yield* listener.unref
      yield* isTrue(!listener.isRef && !(yield* isAlive), "Unref'd, it should not")
      yield* listener.ref
      yield* isTrue(listener.isRef && (yield* isAlive), "Ref'd again, it should")
      // It works as well as before.
      yield* connectTo(listener)
      yield* listener.close
      yield* listener.ref
      yield* isTrue(!listener.isRef, "A closed handle keeps nothing alive")
    })
    yield* withOwnSleeps(body)
  }),

  law("LOOP-04", "a close is reported later, once, and never from inside the call", function* () {
    const { client } = yield* connectedPair()
    let reports = 0
    const close = Effect.andThen(
      client.close,
      Effect.sync(() => reports++)
    )
    const [closing, seen] = yield* beginning(close, () => `${client.state._tag}, ${reports}`)
    yield* equals(seen, "Closing, 0", "state and reports right after the call")
    yield* Fiber.join(closing)
    yield* settle
    yield* equals(reports, 1, "reports")
    yield* equals(client.state._tag, "Closed", "state")
  }),

  law("LOOP-05", "handles closed in one turn report in the order of the calls", function* () {
    const first = yield* connectedPair()
    const second = yield* connectedPair()
    const handles = [second.client, first.listener, first.server, second.listener, first.client]
    const order: Array<number> = []
    const closing = yield* Effect.forEach(handles, (handle, n) =>
      Effect.forkChild(
        Effect.andThen(
          handle.close,
          Effect.sync(() => order.push(n))
        ),
        { startImmediately: true }
      )
    )
    yield* Fiber.joinAll(closing)
    yield* equalsAll(order, [0, 1, 2, 3, 4], "order of reports")
  }),

  law("LOOP-06", "closing what is closing or closed does nothing", function* () {
    const { client, listener } = yield* connectedPair()
    for (const handle of [client, listener]) {
      yield* Effect.all([handle.close, handle.close, handle.close], { concurrency: "unbounded" })
      yield* handle.close
      yield* equals(handle.state._tag, "Closed", "state")
    }
  }),

  law(
    "LOOP-17",
    "closing handles while walking them shows none twice and none freed",
    function* () {
      const before = (yield* handles).length
      for (let n = 0; n < 4; n++) yield* connectedPair()
      const listed = yield* handles
      const ids = new Set<number>()
      for (const [n, handle] of listed.entries()) {
        yield* isTrue(!ids.has(handle.id), `Shown twice: ${handle.label}`)
        ids.add(handle.id)
        if (n % 2 === 0) yield* close(handle)
      }
      const left = yield* handles
      yield* equals(left.length, before + Math.floor((listed.length - before) / 2), "left")
      yield* isTrue(
        left.every((handle) => handle.state._tag !== "Closed"),
        "A freed one was shown"
      )
    }
  ),

  law("LOOP-18", "waiters that stop each other when woken deliver nothing stale", function* () {
    const pairs = yield* Effect.forEach([1, 2, 3], () => connectedPair())
    const fibers: Array<Fiber.Fiber<unknown, unknown>> = []
    for (const [n, { server }] of pairs.entries()) {
      const stopOthers = Effect.suspend(() => Fiber.interruptAll(fibers.filter((_, m) => m !== n)))
      fibers.push(
        yield* Effect.forkChild(Effect.andThen(server.awaitReadable, stopOthers), {
          startImmediately: true
        })
      )
      yield* parked(server)
    }
    for (const { client } of pairs) yield* client.write(new Uint8Array([3]))
    yield* Fiber.awaitAll(fibers)
    for (const { server } of pairs) {
      yield* equals(server.waits.length, 0, "waiting")
      yield* reads(server, new Uint8Array([3]))
    }
  }),

  law("LOOP-20", "the number of handles returns to where it was", function* () {
    const before = (yield* handles).length
    for (let time = 0; time < 5; time++) yield* Effect.scoped(connectedPair())
    yield* equals((yield* handles).length, before, "handles")
  }),

  law("LOOP-21", "a defect in one fiber loses no other's events", function* () {
    const pairs = yield* Effect.forEach([1, 2, 3, 4], () => connectedPair())
    const fibers = yield* Effect.forEach(pairs, ({ server }, n) =>
      Effect.forkChild(
        Effect.andThen(server.awaitReadable, n === 1 ? Effect.die("a defect") : Effect.void),
        { startImmediately: true }
      )
    )
    for (const { server } of pairs) yield* parked(server)
    for (const { client } of pairs) yield* client.write(new Uint8Array([4]))
    const exits = yield* Fiber.awaitAll(fibers)
    yield* equalsAll(exits.map(Exit.isSuccess), [true, false, true, true], "who succeeded")
    for (const { server } of pairs) yield* reads(server, new Uint8Array([4]))
  })
])

const close = (handle: Handle.Handle): Effect.Effect<void> => (handle as TcpStream.TcpStream).close
