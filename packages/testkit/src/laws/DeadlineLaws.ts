/** Laws of deadlines: who wins, who is credited, and that nothing is lost. TIME, SCOPE. */
import { Deadline, type IoError, type TcpStream } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { connectedPair } from "../Connections.ts"
import { exceeds } from "../Elapsed.ts"
import { equals, equalsAll, fails, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { LawEnvironment } from "../LawEnvironment.ts"
import { parked, settle } from "../Turns.ts"
import { yieldingFibers } from "../YieldingFibers.ts"

const forkExit = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.forkChild(Effect.exit(effect), { startImmediately: true })

/** Runs under `deadline`; none when it was too late. */
const inTime = <A, E, R>(effect: Effect.Effect<A, E, R>, deadline: Deadline.Input) =>
  Effect.asSome(effect).pipe(
    Deadline.within(deadline),
    Effect.catchTag("DeadlineExceeded", () => Effect.succeedNone)
  )

/**
 * Runs `effect` under a deadline that was 8 ms away when it was put off by an hour. A machine that
 * stands still between the two moves is given another try.
 */
const puttingOff = <R>(effect: Effect.Effect<never, never, R>) =>
  Effect.gen(function* () {
    for (let attempt = 0; attempt < 10; attempt++) {
      const deadline = yield* Deadline.movable("1 hour")
      const fiber = yield* forkExit(Deadline.within(effect, deadline))
      const isPutOff = yield* Clock.clockWith((clock) =>
        Effect.sync(() => {
          const now = clock.monotonicTimeNanosUnsafe()
          deadline.moveUnsafe(now + 8_000_000n, clock)
          return deadline.moveUnsafe(now + 3_600_000_000_000n, clock)
        })
      )
      if (isPutOff) return { deadline, fiber }
      yield* Fiber.join(fiber)
    }
    return yield* fails("The machine stood still between two lines, ten times")
  })

/** How a read ends whose bytes arrive, and whose deadline comes, in one step that takes 20 ms. */
const readWhileHeldUp = (
  client: TcpStream.TcpStream,
  server: TcpStream.TcpStream,
  hold: (millis: number) => void
) =>
  Effect.gen(function* () {
    for (let attempt = 0; attempt < 10; attempt++) {
      const deadline = yield* Deadline.movable("1 hour")
      const reading = yield* forkExit(Deadline.within(server.read, deadline))
      yield* parked(server)
      yield* client.write(new Uint8Array([8]))
      yield* client.flush
      const isAhead = yield* Clock.clockWith((clock) =>
        Effect.sync(() => {
          deadline.moveUnsafe(clock.monotonicTimeNanosUnsafe() + 5_000_000n, clock)
          if (deadline.isExpiredUnsafe(clock)) return false
          hold(20)
          return true
        })
      )
      const exit = yield* Fiber.join(reading)
      if (isAhead) return exit
      if (Exit.isFailure(exit)) yield* server.read
    }
    return yield* fails("The machine stood still between two lines, ten times")
  })

export const DeadlineLaws = lawGroup("Deadlines", [
  law("TIME-25", "a deadline ends what runs under it, never early, and is named", function* () {
    const deadline = yield* Deadline.after("3 millis", { name: "three" })
    yield* exceeds(deadline, Deadline.within(Effect.never, deadline))
    const now = yield* Clock.monotonicTimeNanos
    yield* isTrue(now >= deadline.nanos!, `It ended ${deadline.nanos! - now} ns early`)
    yield* isTrue(yield* Deadline.hasPassed(deadline), "It should have passed")
    yield* equals(yield* Deadline.current, Deadline.infinite, "deadline in force afterwards")
  }),

  law("TIME-13", "what is done in the turn in which its deadline comes has made it", function* () {
    // There already, under a deadline that has passed.
    const past = Deadline.at(-1n)
    const there = yield* Effect.orDie(Deadline.within(Effect.succeed(5), past))
    yield* equals(there, 5, "value under a deadline that has passed")
    // Done in the step in which the deadline is moved to now.
    const deadline = yield* Deadline.movable("1 hour")
    const done = yield* Deferred.make<string>()
    const fiber = yield* forkExit(Deadline.within(Deferred.await(done), deadline))
    yield* Effect.andThen(Deferred.succeed(done, "made it"), Effect.exit(deadline.move(0)))
    const exit = yield* Fiber.join(fiber)
    yield* equals(Exit.isSuccess(exit) ? exit.value : String(exit), "made it", "value")
  }),

  law(
    "TIME-21",
    "bytes that are there when a held-up loop finds the deadline past are read",
    function* () {
      const { holdThread } = yield* LawEnvironment
      const { client, server } = yield* connectedPair()
      const hold = Option.getOrThrow(holdThread)
      const exit = yield* readWhileHeldUp(client, server, hold)
      yield* isTrue(Exit.isSuccess(exit), `The bytes were there: ${String(exit)}`)
    },
    { hook: "holdThread" }
  ),

  law("TIME-14", "a body that is always ready does not starve its deadline", function* () {
    const bodies = [Effect.forever(Effect.void), Effect.forever(Effect.yieldNow)]
    for (const body of bodies) {
      const deadline = yield* Deadline.after("2 millis")
      yield* exceeds(deadline, Deadline.within(body, deadline))
    }
  }),

  law("TIME-26", "a deadline is moved later, earlier and to now, and comes once", function* () {
    let ends = 0
    const counted = Effect.onInterrupt(Effect.never, () => Effect.sync(() => ends++))
    const { deadline, fiber } = yield* puttingOff(counted)
    ends = 0
    yield* Effect.sleep("10 millis")
    yield* equals(ends, 0, "ended at its old moment")
    const began = yield* Clock.monotonicTimeNanos
    yield* deadline.move("2 millis").pipe(Effect.orDie)
    yield* Fiber.join(fiber)
    const took = (yield* Clock.monotonicTimeNanos) - began
    yield* isTrue(took >= 2_000_000n, `It ended after ${took} ns`)
    yield* exceeds(deadline, deadline.move("1 hour"))
    const now = yield* Deadline.movable("1 hour")
    const cut = yield* forkExit(Deadline.within(counted, now))
    yield* now.move(-1).pipe(Effect.orDie)
    yield* isTrue(yield* now.isExpired, "Moved to now, it has come")
    yield* Fiber.join(cut)
    yield* equals(ends, 2, "ends")
  }),

  law("SCOPE-04", "an outer deadline that is earlier wins, is in force and credited", function* () {
    const outer = yield* Deadline.after("2 millis", { name: "outer" })
    const seen: Array<string> = []
    const nested = (inner: Deadline.Input) =>
      Effect.flatMap(Deadline.current, (current) => {
        seen.push(current === outer ? "outer" : "inner")
        return Effect.never
      }).pipe(
        Deadline.within(inner),
        Effect.catchTag("DeadlineExceeded", () => Effect.sync(() => seen.push("caught"))),
        Deadline.within(outer)
      )
    yield* exceeds(outer, nested("1 hour"))
    // The same moment, and one that has passed for both.
    yield* exceeds(outer, nested(Deadline.at(outer.nanos!)))
    yield* equalsAll(seen, ["outer", "outer"], "in force")
    const later = yield* Deadline.after("1 hour")
    const inner = yield* Deadline.after("1 millis", { name: "inner" })
    const caught = exceeds(inner, Deadline.within(Effect.never, inner))
    const alone = yield* Effect.exit(Deadline.within(caught, later))
    yield* isTrue(Exit.isSuccess(alone), `An inner one ends itself alone: ${String(alone)}`)
  }),

  law("SCOPE-05", "shielded cleanup runs to its own deadline under cancellation", function* () {
    const own = yield* Deadline.movable("1 hour", { name: "own" })
    const seen: Array<string> = []
    const cleanup = Effect.gen(function* () {
      seen.push((yield* Deadline.current).name!)
      yield* Effect.sleep("1 millis")
      seen.push("worked")
      yield* own.move("1 millis").pipe(Effect.orDie)
      return yield* Effect.never
    })
    const shielded = exceeds(own, Deadline.shielded(cleanup, own)).pipe(
      Effect.andThen(Effect.sync(() => seen.push("ended"))),
      Effect.orDie
    )
    const outer = yield* Deadline.after("2 millis", { name: "outer" })
    const body = Effect.onInterrupt(Effect.never, () => shielded)
    yield* exceeds(outer, Deadline.within(body, outer))
    yield* equalsAll(seen, ["own", "worked", "ended"], "seen by the cleanup")
  }),

  law("SCOPE-22", "a deadline that comes when its effect is done does nothing", function* () {
    const deadline = yield* Deadline.movable("1 hour")
    for (let time = 0; time < 3; time++)
      yield* Deadline.within(Effect.void, deadline).pipe(Effect.orDie)
    const fiber = yield* forkExit(
      Effect.andThen(Deadline.within(Effect.void, deadline), Effect.never)
    )
    yield* deadline.move(-1).pipe(Effect.orDie)
    yield* settle
    yield* isTrue(fiber.pollUnsafe() === undefined, "It ended what came afterwards")
    yield* Fiber.interrupt(fiber)
  }),

  law(
    "TIME-22",
    "no byte is lost between a read and its deadline, whenever that comes",
    function* () {
      const { client, server } = yield* connectedPair()
      const sent = Array.from({ length: 40 }, (_, n) => n)
      const got: Array<number> = []
      for (const [round, byte] of sent.entries()) {
        yield* client.write(new Uint8Array([byte]))
        const outer = yield* Deadline.movable("1 hour")
        const reading = yield* forkExit(inTime(keep(server, got), outer))
        for (let turn = round % 20; turn > 0; turn--) yield* Effect.yieldNow
        yield* Effect.exit(outer.move(-1))
        yield* Fiber.join(reading)
      }
      yield* client.shutdown
      while (got.length < sent.length) yield* keep(server, got)
      yield* equalsAll(got, sent, "bytes")
    },
    { ports: yieldingFibers }
  )
])

/** Reads under a deadline that does not come, and keeps what was read. */
const keep = (
  server: TcpStream.TcpStream,
  got: Array<number>
): Effect.Effect<void, IoError.IoError> =>
  Effect.map(Effect.orDie(inTime(Effect.orDie(server.read), "1 hour")), (bytes) => {
    got.push(...Option.getOrElse(bytes, () => new Uint8Array()))
  })
