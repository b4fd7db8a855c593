/** Laws of receiving: order, batches, many receivers, and interruption, which takes nothing. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { bound, came, numbered, receiveAll, receives, type Socket, toward } from "../Datagrams.ts"
import { equals, equalsAll, isTrue, rejects } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { nextTurn, parked } from "../Turns.ts"
import { yieldingFibers } from "../YieldingFibers.ts"

const numbers = (count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, number) => number)

/** Fibers that wait in line, and the first byte that each got. */
const line = (socket: Socket, count: number, got: Map<number, number>) =>
  Effect.forEach(numbers(count), (place) =>
    Effect.gen(function* () {
      const receive = Effect.map(socket.receive, ({ bytes }) => got.set(place, bytes[0]!))
      const fiber = yield* Effect.forkChild(receive, { startImmediately: true })
      yield* parked(socket, place + 1)
      return fiber
    })
  )

const servedInOrder = Effect.gen(function* () {
  const [sender, receiver] = [yield* bound, yield* bound]
  const got = new Map<number, number>()
  const fibers = yield* line(receiver, 5, got)
  for (const datagram of numbered(5, toward(receiver))) {
    yield* sender.send(datagram.bytes, datagram.to)
  }
  yield* Fiber.joinAll(fibers)
  const inPlaces = numbers(5).map((place) => got.get(place))
  yield* equalsAll(inPlaces, numbers(5), "what each got")
})

const interruptedInLine = Effect.gen(function* () {
  const [sender, receiver] = [yield* bound, yield* bound]
  const got = new Map<number, number>()
  const fibers = yield* line(receiver, 5, got)
  yield* sender.sendBatch(numbered(5, toward(receiver)))
  for (const place of [1, 3]) yield* Fiber.interrupt(fibers[place]!)
  yield* came(receiver, 5)
  const rest = yield* receiveAll(receiver)
  yield* Fiber.awaitAll(fibers)
  const all = [...got.values(), ...rest].toSorted((one, other) => one - other)
  yield* equalsAll(all, numbers(5), "datagrams that somebody got or that were left")
})

export const UdpReceiveLaws = lawGroup("Receiving datagrams", [
  law("UDP-30", "fibers that receive are served in the order in which they came", function* () {
    yield* servedInOrder
  }),

  law(
    "UDP-31",
    "so they are where they may yield between any two operations",
    function* () {
      yield* servedInOrder
    },
    { ports: yieldingFibers }
  ),

  law("UDP-32", "an interrupted receive takes no datagram", function* () {
    const [sender, receiver] = [yield* bound, yield* bound]
    const receiving = yield* Effect.forkChild(receiver.receive, { startImmediately: true })
    yield* parked(receiver)
    yield* Fiber.interrupt(receiving)
    yield* isTrue(Exit.hasInterrupts(yield* Fiber.await(receiving)), "It should be interrupted")
    yield* equals(receiver.waits.length, 0, "waiting")
    yield* sender.send(Uint8Array.of(7), toward(receiver))
    yield* receives(receiver, 7)
  }),

  law("UDP-33", "who is interrupted in line leaves his datagram to the others", function* () {
    yield* interruptedInLine
  }),

  law(
    "UDP-34",
    "so he does where fibers may yield between any two operations",
    function* () {
      yield* interruptedInLine
    },
    { ports: yieldingFibers }
  ),

  law("UDP-35", "receives cut short at random moments lose and repeat nothing", function* () {
    const [sender, receiver] = [yield* bound, yield* bound]
    const count = 100
    yield* Effect.forkChild(
      Effect.forEach(numbered(count, toward(receiver)), ({ bytes, to }) =>
        Effect.andThen(sender.send(bytes, to), nextTurn)
      )
    )
    const got: Array<number> = []
    while (got.length < count) {
      const isBatch = (yield* Random.nextIntBetween(0, 2)) === 1
      const take = isBatch ? receiver.receiveBatch(3) : Effect.map(receiver.receive, (one) => [one])
      const receiving = yield* Effect.forkChild(take, { startImmediately: true })
      yield* Effect.repeat(nextTurn, { times: yield* Random.nextIntBetween(0, 3) })
      yield* Fiber.interrupt(receiving)
      const exit = yield* Fiber.await(receiving)
      if (Exit.isSuccess(exit)) got.push(...exit.value.map(({ bytes }) => bytes[0]!))
    }
    yield* equalsAll(got, numbers(count), "datagrams")
  }),

  law("UDP-36", "a batch is what is there, at least one and at most so many", function* () {
    const [sender, receiver] = [yield* bound, yield* bound]
    const waiting = yield* Effect.forkChild(receiver.receiveBatch(10), { startImmediately: true })
    yield* parked(receiver)
    yield* sender.send(Uint8Array.of(0), toward(receiver))
    yield* equals((yield* Fiber.join(waiting)).length, 1, "datagrams when one came")
    yield* sender.sendBatch(numbered(5, toward(receiver)))
    yield* came(receiver, 6)
    const [three, two] = [yield* receiver.receiveBatch(3), yield* receiver.receiveBatch(3)]
    const got = [...three, ...two].map(({ bytes }) => bytes[0]!)
    yield* equalsAll(got, numbers(5), "datagrams")
    yield* equals(three.length, 3, "datagrams of at most 3")
    for (const countMax of [0, -1, 1_025, 1.5, Number.NaN]) {
      yield* rejects("countMax", receiver.receiveBatch(countMax))
    }
  }),

  law("UDP-37", "trying to receive never waits, and takes from nobody in line", function* () {
    const [sender, receiver] = [yield* bound, yield* bound]
    yield* isTrue(Option.isNone(yield* receiver.tryReceive), "Nothing was sent yet")
    const readable = yield* Effect.forkChild(receiver.awaitReadable, { startImmediately: true })
    const receiving = yield* Effect.forkChild(receives(receiver, 1), { startImmediately: true })
    yield* parked(receiver, 2)
    yield* sender.send(Uint8Array.of(1), toward(receiver))
    yield* Fiber.join(receiving)
    yield* isTrue(readable.pollUnsafe() === undefined, "The datagram was another's")
    yield* sender.send(Uint8Array.of(2), toward(receiver))
    yield* Fiber.join(readable)
    yield* receiver.awaitReadable
    yield* equalsAll(yield* receiveAll(receiver), [2], "datagrams")
  })
])
