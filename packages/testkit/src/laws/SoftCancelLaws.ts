/** Laws of regions that are asked to stop before they are interrupted. SCOPE. */
import { Deadline, SoftCancel } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { connectedPair } from "../Connections.ts"
import { exceeds } from "../Elapsed.ts"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { reads } from "../Streams.ts"
import { parked, settle } from "../Turns.ts"

/** Of a region, and of one nested in it. */
const graces = [
  ["1 hour", "2 millis"],
  ["2 millis", "1 hour"]
] as const

/** Runs `body` as a region in a fiber; gives the means to stop it, and the fiber. */
const running = <A, E, R>(body: Effect.Effect<A, E, R>, options: SoftCancel.Options = {}) =>
  Effect.gen(function* () {
    const opened = yield* Deferred.make<SoftCancel.SoftCancel>()
    const region = SoftCancel.run(
      (self) => Effect.andThen(Deferred.succeed(opened, self), body),
      options
    )
    const fiber = yield* Effect.forkChild(region, { startImmediately: true })
    return { fiber, self: yield* Deferred.await(opened) }
  })

export const SoftCancelLaws = lawGroup("Soft cancellation", [
  law("SCOPE-17", "a region asked to stop sees it, and may finish within its grace", function* () {
    const seen: Array<boolean> = []
    const look = Effect.map(SoftCancel.isRequested, (is) => seen.push(is))
    const body = Effect.gen(function* () {
      yield* look
      yield* SoftCancel.awaitRequest
      yield* look
      yield* Effect.sleep("2 millis")
      return "finished"
    })
    const { fiber, self } = yield* running(body, { grace: "1 minute" })
    yield* equals(self.deadline.nanos, undefined, "deadline before the request")
    yield* self.request()
    yield* equals(yield* Effect.orDie(Fiber.join(fiber)), "finished", "value")
    yield* equalsAll(seen, [false, true], "requested, as seen inside")
  }),

  law(
    "SCOPE-18",
    "what has not stopped when the grace is over is interrupted, not before",
    function* () {
      const inForce: Array<Deadline.Deadline> = []
      const body = Effect.gen(function* () {
        yield* SoftCancel.awaitRequest
        inForce.push(yield* Deadline.current)
        return yield* Effect.never
      })
      const { fiber, self } = yield* running(body, { grace: "3 millis" })
      const began = yield* Clock.monotonicTimeNanos
      yield* self.request()
      yield* exceeds(self.deadline, Fiber.join(fiber))
      const took = (yield* Clock.monotonicTimeNanos) - began
      yield* isTrue(took >= 3_000_000n, `Interrupted after ${took} ns`)
      yield* isTrue(inForce[0] === self.deadline, "The end of the grace is the deadline in force")
    }
  ),

  law("SCOPE-19", "a nested region may shorten the grace and never lengthen it", function* () {
    for (const [outer, grace] of graces) {
      const inner = SoftCancel.run(() => Effect.never, { grace, name: "inner" })
      const caught: Array<string> = []
      const body = Effect.catchTag(inner, "DeadlineExceeded", ({ deadline }) =>
        Effect.sync(() => caught.push(deadline.name!))
      )
      const { fiber, self } = yield* running(body, { grace: outer })
      yield* self.request()
      const exit = yield* Fiber.await(fiber)
      const isShorter = grace !== "1 hour"
      yield* equalsAll(caught, isShorter ? ["inner"] : [], `caught: ${grace} in ${outer}`)
      yield* equals(Exit.isSuccess(exit), isShorter, `ended by itself: ${grace} in ${outer}`)
    }
  }),

  law("SCOPE-20", "a read that stops when asked leaves the bytes for the next one", function* () {
    const { client, server } = yield* connectedPair()
    const body = Effect.gen(function* () {
      const first = yield* SoftCancel.untilRequested(server.read)
      const second = yield* SoftCancel.untilRequested(server.read)
      return [first, second].map(Option.isNone)
    })
    const { fiber, self } = yield* running(body, { grace: "1 minute" })
    yield* parked(server)
    yield* self.request()
    yield* equalsAll(yield* Effect.orDie(Fiber.join(fiber)), [true, true], "stopped")
    yield* equals(server.waits.length, 0, "waiting")
    yield* client.write(new Uint8Array([1, 2, 3]))
    yield* reads(server, new Uint8Array([1, 2, 3]))
  }),

  law("SCOPE-21", "interrupting a region asks it to stop, and waits for it", function* () {
    const seen: Array<string> = []
    const gate = yield* Deferred.make<void>()
    const body = Effect.gen(function* () {
      yield* SoftCancel.awaitRequest
      seen.push("asked")
      yield* Deferred.await(gate)
      seen.push("finished")
    })
    const { fiber } = yield* running(body, { grace: "1 minute" })
    const interrupting = yield* Effect.forkChild(Fiber.interrupt(fiber), {
      startImmediately: true
    })
    yield* settle
    yield* equalsAll(seen, ["asked"], "before it may finish")
    yield* isTrue(interrupting.pollUnsafe() === undefined, "It should be waited for")
    yield* Deferred.succeed(gate, undefined)
    yield* Fiber.join(interrupting)
    yield* equalsAll(seen, ["asked", "finished"], "in the end")
  }),

  law("SCOPE-23", "asking a region that has ended neither spins nor hangs", function* () {
    const { fiber, self } = yield* running(Effect.void, { grace: 0 })
    yield* Effect.orDie(Fiber.join(fiber))
    yield* self.request()
    yield* self.request({ grace: 0 })
    yield* isTrue(yield* self.isRequested, "It counts as asked")
  })
])
