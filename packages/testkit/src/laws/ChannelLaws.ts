/** Laws of channels and broadcasts between fibers. */
import { Broadcast, Channel } from "@portico/core/sync"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { lawGroup } from "../Law.ts"
import { joinAll, refuses, start, syncLaw } from "../SyncLaw.ts"

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

/** The next value, -1 for the end. */
const next = (receiver: Channel.Receiver<number>) =>
  Effect.map(
    receiver.receive,
    Option.getOrElse(() => -1)
  )

const drain = (receiver: Channel.Receiver<number>, into: Array<number>) =>
  Effect.gen(function* () {
    for (;;) {
      const value = yield* next(receiver)
      if (value === -1) return
      into.push(value)
    }
  })

export const ChannelLaws = lawGroup("Channels", [
  syncLaw(
    "SYNC-08",
    "a full channel holds senders up, and one that goes puts nothing in",
    function* () {
      const { receiver, sender } = yield* Channel.make<number>({ capacity: 1 })
      yield* sender.send(0)
      yield* equals(yield* sender.trySend(9), false, "put into a full one")
      const gone = yield* start(sender.send(1))
      const stays = yield* start(sender.send(2))
      yield* Fiber.interrupt(gone)
      yield* equals(yield* next(receiver), 0, "first")
      yield* Fiber.join(stays)
      yield* equals(yield* next(receiver), 2, "second")
      // Its place is there, and it is interrupted before it gets to run.
      yield* sender.send(3)
      const late = yield* start(sender.send(4))
      const value = yield* next(receiver)
      yield* Fiber.interrupt(late)
      yield* equals(value, 3, "third")
      yield* isTrue(
        (yield* Fiber.await(late))._tag === "Success" || (yield* sender.trySend(5)),
        "A place"
      )
    }
  ),

  syncLaw("SYNC-09", "what an interrupted receiver was handed is the next one's", function* () {
    const { receiver, sender } = yield* Channel.make<number>({ capacity: 8 })
    for (const _ of numbers(20)) {
      const gone = yield* start(next(receiver))
      const stays = yield* start(next(receiver))
      yield* sender.send(1)
      yield* sender.send(2)
      yield* Fiber.interrupt(gone)
      const exit = yield* Fiber.await(gone)
      const got = [yield* Fiber.join(stays)]
      if (exit._tag === "Success") got.push(exit.value)
      else got.push(yield* next(receiver))
      yield* equalsAll(
        got.sort((a, b) => a - b),
        [1, 2],
        "values"
      )
    }
  }),

  syncLaw(
    "SYNC-10",
    "after the last sender: what is there, then the end; after the last receiver: Broken",
    function* () {
      const { receiver, sender } = yield* Channel.make<number>({ capacity: 2 })
      const other = yield* sender.clone
      yield* sender.send(1)
      yield* sender.close
      yield* other.send(2)
      yield* other.close
      yield* refuses("Closed", other.send(3))
      const got: Array<number> = []
      yield* drain(receiver, got)
      yield* equalsAll(got, [1, 2], "values")
      yield* equals(yield* next(receiver), -1, "the end, again")

      const second = yield* Channel.make<number>({ capacity: 1 })
      yield* second.sender.send(1)
      const waiting = yield* start(refuses("Broken", second.sender.send(2)))
      const twin = yield* second.receiver.clone
      yield* second.receiver.close
      yield* equals(yield* second.sender.trySend(3), false, "put in while another receives")
      yield* twin.close
      yield* Fiber.join(waiting)
      yield* refuses("Broken", second.sender.send(4))
      yield* refuses("Closed", twin.receive)
    }
  ),

  syncLaw("SYNC-40", "the end comes to those who wait for a value", function* () {
    const { receiver, sender } = yield* Channel.make<number>({ capacity: 1 })
    const waiting = yield* Effect.forEach(numbers(3), () => start(next(receiver)))
    yield* sender.send(7)
    yield* sender.close
    yield* equalsAll(yield* joinAll(waiting), [7, -1, -1], "values")
  }),

  syncLaw("SYNC-12", "receivers are served in turn, and senders as well", function* () {
    const { receiver, sender } = yield* Channel.make<number>({ capacity: 1 })
    const got: Array<string> = []
    const receive = (name: string) =>
      Effect.forEach(
        numbers(3),
        () => Effect.map(next(receiver), (value) => void got.push(`${name}${value}`)),
        { discard: true }
      )
    const receivers = [yield* start(receive("a")), yield* start(receive("b"))]
    for (const value of numbers(6)) {
      yield* sender.send(value)
      // Until it was received and its receiver stands in line again.
      while (got.length <= value) yield* Effect.yieldNow
      for (const _ of numbers(5)) yield* Effect.yieldNow
    }
    yield* joinAll(receivers)
    yield* equalsAll(got, ["a0", "b1", "a2", "b3", "a4", "b5"], "who got what")
  }),

  syncLaw("SYNC-41", "what is sent into a reserved place neither waits nor fails", function* () {
    const { receiver, sender } = yield* Channel.make<number>({ capacity: 2 })
    yield* Effect.scoped(
      Effect.gen(function* () {
        const place = yield* sender.reserve
        yield* sender.send(1)
        yield* equals(yield* sender.trySend(2), false, "put into a promised place")
        yield* sender.close
        yield* equals(yield* next(receiver), 1, "value")
        const waiting = yield* start(next(receiver))
        yield* place.send(3)
        yield* equals(yield* Fiber.join(waiting), 3, "value of the promised place")
        yield* refuses("Closed", place.send(4))
      })
    )
    yield* equals(yield* next(receiver), -1, "the end")
  }),

  syncLaw("SYNC-42", "a reserved place that is not used is the next one's", function* () {
    const { receiver, sender } = yield* Channel.make<number>({ capacity: 1 })
    const holding = yield* start(Effect.scoped(Effect.andThen(sender.reserve, Effect.never)))
    const waiting = yield* start(sender.send(1))
    yield* equals(yield* sender.trySend(2), false, "put in")
    yield* Fiber.interrupt(holding)
    yield* Fiber.join(waiting)
    yield* equals(yield* next(receiver), 1, "value")
  }),

  syncLaw(
    "SYNC-43",
    "nothing is lost and nothing comes twice, whoever is interrupted",
    function* () {
      const { receiver, sender } = yield* Channel.make<number>({ capacity: 2 })
      const got: Array<number> = []
      const receive = Effect.map(next(receiver), (value) => void got.push(value))
      let sent = 0
      const sending = yield* start(
        Effect.forEach(numbers(60), (value) => Effect.map(sender.send(value), () => sent++), {
          discard: true
        })
      )
      for (const steps of numbers(15)) {
        // What a fiber receives, it notes in the same step.
        const receivers = yield* Effect.forEach([0, 1], () =>
          start(Effect.uninterruptible(receive))
        )
        const third = yield* start(next(receiver).pipe(Effect.map((value) => void got.push(value))))
        for (const _ of numbers(steps % 7)) yield* Effect.yieldNow
        yield* Fiber.interrupt(third)
        yield* joinAll(receivers)
      }
      const rest = yield* start(drain(receiver, got))
      yield* Fiber.join(sending)
      yield* sender.close
      yield* Fiber.join(rest)
      yield* equals(sent, 60, "sent")
      yield* equalsAll(
        got.filter((value) => value >= 0).sort((a, b) => a - b),
        numbers(60),
        "values"
      )
    }
  ),

  syncLaw("SYNC-13", "a subscriber that lags learns how many it missed", function* () {
    const broadcast = yield* Broadcast.make<number>({ capacity: 3 })
    const slow = yield* broadcast.subscribe
    const quick = yield* broadcast.subscribe
    const read = (subscription: Broadcast.Subscription<number>) =>
      Effect.map(
        subscription.receive,
        Option.match({
          onNone: () => "end",
          onSome: ({ missed, value }) => `${value} after ${missed}`
        })
      )
    for (const value of numbers(5)) {
      yield* equals(yield* broadcast.send(value), 2, "subscribers")
      yield* equals(yield* read(quick), `${value} after 0`, "who keeps up")
    }
    yield* equals(yield* read(slow), "2 after 2", "who lags")
    yield* equals(yield* read(slow), "3 after 0", "then")
    const waiting = yield* start(read(quick))
    yield* refuses("AlreadyOwner", quick.receive)
    yield* broadcast.send(5)
    yield* equals(yield* Fiber.join(waiting), "5 after 0", "who waits")
    yield* broadcast.end
    yield* equals(yield* read(slow), "4 after 0", "what is kept")
    yield* equals(yield* read(slow), "5 after 0", "what is kept")
    yield* equals(yield* read(slow), "end", "the end")
    yield* refuses("Closed", broadcast.send(6))
  })
])
