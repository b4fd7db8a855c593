/** Laws of who runs next, and for how long. */
import { EventLoop } from "@portico/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import { connectedPair } from "../Connections.ts"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { reads } from "../Streams.ts"
import { spinning } from "../Spinning.ts"
import { yieldingFibers } from "../YieldingFibers.ts"

/** More rounds than anybody may be passed over. */
const roundsMax = 10_000

export const SchedulerLaws = lawGroup("Scheduling", [
  law("SCHED-01", "a lower priority number runs first, whichever fiber has it", function* () {
    const order: Array<number> = []
    const at = (priority: number) =>
      Effect.andThen(
        Effect.yieldNowWith(priority),
        Effect.sync(() => order.push(priority))
      )
    // All of them are queued before the first is served.
    yield* Effect.yieldNow
    const fibers = yield* Effect.forEach([10, -10, 0, 10, -10], (priority) =>
      Effect.forkChild(at(priority), { startImmediately: true })
    )
    yield* Fiber.joinAll(fibers)
    yield* equalsAll(order, [-10, -10, 0, 10, 10], "order")
  }),

  law("SCHED-02", "a high number goes on beside a low one that never rests", function* () {
    let rounds = 0
    let isWanted = true
    const busy = Effect.gen(function* () {
      while (isWanted && ++rounds < roundsMax) yield* Effect.yieldNowWith(-10)
    })
    yield* Effect.forkChild(busy)
    for (let round = 0; round < 10; round++) yield* Effect.yieldNowWith(10)
    isWanted = false
    yield* isTrue(rounds < roundsMax, `Passed over ${rounds} times`)
  }),

  law(
    "SCHED-03",
    "a chain of 20,000 fibers, each woken by the one before, ends",
    function* () {
      const links = 20_000
      const gates = Array.from({ length: links + 1 }, () => Deferred.makeUnsafe<number>())
      for (let link = 0; link < links; link++) {
        yield* Effect.forkChild(
          Effect.flatMap(Deferred.await(gates[link]!), (n) =>
            Deferred.succeed(gates[link + 1]!, n + 1)
          ),
          { startImmediately: true }
        )
      }
      yield* Deferred.succeed(gates[0]!, 0)
      yield* equals(yield* Deferred.await(gates[links]!), links, "links")
    },
    { longerThan: "20,000 fibers are started and woken" }
  ),

  law("SCHED-04", "a loop over settled promises lets timers and I/O through", function* () {
    const { client, server } = yield* connectedPair()
    let isWanted = true
    let rounds = 0
    const loop = Effect.whileLoop({
      while: () => isWanted && rounds++ < 10 * roundsMax,
      body: () => Effect.promise(() => Promise.resolve()),
      step: () => {}
    })
    yield* Effect.forkChild(loop)
    yield* Effect.sleep("10 micros")
    yield* client.write(new Uint8Array([1]))
    yield* reads(server, new Uint8Array([1]))
    isWanted = false
    yield* isTrue(rounds < 10 * roundsMax, `Nobody else ran for ${rounds} rounds`)
  }),

  law("SCHED-05", "fibers that only compute let timers fire and new fibers run", function* () {
    const goOn = yield* spinning(4)
    for (let time = 0; time < 3; time++) yield* Effect.sleep("10 micros")
    for (let time = 0; time < 10; time++) {
      yield* Fiber.join(yield* Effect.forkChild(Effect.void))
    }
    yield* goOn
  }),

  law("SCHED-06", "no interruption of a fiber that has not started is lost", function* () {
    const forked = yield* Effect.forEach(Array.from({ length: 1_000 }), () =>
      Effect.forkChild(Effect.never)
    )
    for (const fiber of forked) fiber.interruptUnsafe()
    const exits = yield* Fiber.awaitAll(forked)
    yield* equals(exits.filter(Exit.hasInterrupts).length, 1_000, "interrupted")
  }),

  law(
    "SCHED-07",
    "what a fiber is handed when it is resumed is not lost where fibers yield",
    function* () {
      const { openWakeUp } = yield* EventLoop.EventLoop
      const count = 50
      const numbers = Array.from({ length: count }, (_, n) => n)
      const { client, server } = yield* connectedPair()
      const wakeUp = yield* openWakeUp
      const queue = yield* Queue.bounded<number>(1)
      const received = { bytes: 0, numbers: 0, wakes: 0 }
      const receiving = [
        Effect.gen(function* () {
          while (received.bytes < count) received.bytes += (yield* server.readUpTo(3)).length
        }),
        Effect.gen(function* () {
          for (const n of numbers) received.numbers += (yield* Queue.take(queue)) === n ? 1 : 0
        }),
        Effect.gen(function* () {
          while (received.wakes < count) received.wakes += yield* wakeUp.await
        })
      ]
      const fibers = yield* Effect.forEach(receiving, (effect) => Effect.forkChild(effect))
      for (const n of numbers) {
        yield* client.write(new Uint8Array([n]))
        yield* Queue.offer(queue, n)
        yield* wakeUp.wake
      }
      yield* Fiber.joinAll(fibers)
      yield* equalsAll(Object.values(received), [count, count, count], "received")
    },
    { ports: yieldingFibers }
  )
])
