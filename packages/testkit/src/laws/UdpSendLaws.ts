/** Laws of sending: order, batches, waiting for the host, and what is left of a failure. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import {
  bound,
  came,
  cameTo,
  numbered,
  type Outgoing,
  receiveAll,
  receives,
  type Socket,
  toward
} from "../Datagrams.ts"
import { type DatagramValve, makeDatagramValve } from "../DatagramValve.ts"
import { equals, equalsAll, failsWith, isTrue, rejects } from "../Expectation.ts"
import { withPorts } from "../FaultyPorts.ts"
import { law, lawGroup } from "../Law.ts"
import { parked, settle } from "../Turns.ts"

const one = Uint8Array.of(1)
const numbers = (count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, number) => number)

/** All that came, once `count` datagrams have. */
const received = (socket: Socket, count: number) =>
  Effect.andThen(came(socket, count), Effect.andThen(settle, receiveAll(socket)))

interface Full {
  readonly sender: Socket
  readonly receiver: Socket
  readonly valve: DatagramValve
}

/** A sender whose host is full until the valve opens. */
const full = <A, E, R>(then: (pair: Full) => Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const valve = makeDatagramValve()
    const body = Effect.gen(function* () {
      const [sender, receiver] = [yield* bound, yield* bound]
      valve.shut()
      return yield* then({ sender, receiver, valve })
    })
    return withPorts(valve.change, Effect.scoped(body))
  })

export const UdpSendLaws = lawGroup("Sending datagrams", [
  law("UDP-50", "a batch goes in order, and all of it", function* () {
    const [sender, receiver] = [yield* bound, yield* bound]
    yield* sender.sendBatch(numbered(50, toward(receiver)))
    yield* equalsAll(yield* received(receiver, 50), numbers(50), "datagrams")
    yield* equals(sender.datagrams.datagramsSent, 50, "sent")
    yield* equals(sender.counters.bytesWritten, 50, "bytes written")
    yield* sender.sendBatch([])
  }),

  law("UDP-51", "the bytes are the sender's again when a send is done", function* () {
    const [sender, receiver] = [yield* bound, yield* bound]
    const bytes = new Uint8Array(100)
    for (const number of [1, 2, 3]) {
      yield* sender.send(bytes.fill(number), toward(receiver))
      yield* sender.sendBatch([{ bytes: bytes.fill(number + 10), to: toward(receiver) }])
    }
    bytes.fill(99)
    yield* equalsAll(yield* received(receiver, 6), [1, 11, 2, 12, 3, 13], "datagrams")
  }),

  law("UDP-11", "sends that wait go in call order when the host takes them", function* () {
    yield* full(({ receiver, sender, valve }) =>
      Effect.gen(function* () {
        const to = toward(receiver)
        const sends = [
          sender.send(Uint8Array.of(0), to),
          sender.sendBatch([1, 2, 3].map((number) => ({ bytes: Uint8Array.of(number), to }))),
          sender.send(Uint8Array.of(4), to)
        ]
        const fibers = yield* Effect.forEach(sends, (send, index) =>
          Effect.tap(Effect.forkChild(send, { startImmediately: true }), () =>
            parked(sender, index + 1)
          )
        )
        yield* equals(sender.counters.bytesQueued, 5, "bytes queued")
        yield* equals(yield* sender.trySendBatch([{ bytes: one, to }]), 0, "taken before them")
        valve.open(2)
        yield* Fiber.join(fibers[0]!)
        yield* settle
        yield* equals(sender.counters.bytesQueued, 3, "bytes queued when two were taken")
        valve.open()
        yield* Fiber.joinAll(fibers)
        yield* equalsAll(yield* received(receiver, 5), numbers(5), "datagrams")
        yield* equals(sender.counters.bytesQueued, 0, "bytes queued in the end")
        yield* equals(sender.datagrams.datagramsSent, 5, "sent")
      })
    )
  }),

  law("UDP-16", "trying to send says how many the host took; the rest can follow", function* () {
    yield* full(({ receiver, sender, valve }) =>
      Effect.gen(function* () {
        const batch = numbered(5, toward(receiver))
        yield* equals(yield* sender.trySendBatch(batch), 0, "taken by a full host")
        const waiting = yield* Effect.forkChild(sender.awaitWritable, { startImmediately: true })
        yield* parked(sender)
        valve.open(3)
        yield* Fiber.join(waiting)
        yield* equals(yield* sender.trySendBatch(batch), 3, "taken")
        yield* equals(yield* sender.trySendBatch(batch.slice(3)), 0, "taken by a full host")
        valve.open()
        yield* sender.awaitWritable
        yield* equals(yield* sender.trySendBatch(batch.slice(3)), 2, "taken")
        yield* equalsAll(yield* received(receiver, 5), numbers(5), "datagrams")
      })
    )
  }),

  law("UDP-52", "a send that is interrupted while it waits sends nothing", function* () {
    yield* full(({ receiver, sender, valve }) =>
      Effect.gen(function* () {
        const send = (number: number) => sender.send(Uint8Array.of(number), toward(receiver))
        const fibers = yield* Effect.forEach([1, 2, 3], (number) =>
          Effect.tap(Effect.forkChild(send(number), { startImmediately: true }), () =>
            parked(sender, number)
          )
        )
        yield* Fiber.interrupt(fibers[1]!)
        yield* equals(sender.waits.length, 2, "waiting")
        valve.open()
        yield* Fiber.awaitAll(fibers)
        yield* equalsAll(yield* received(receiver, 2), [1, 3], "datagrams")
      })
    )
  }),

  law("UDP-10", "closing fails sends that wait with Closed", function* () {
    yield* full(({ receiver, sender }) =>
      Effect.gen(function* () {
        const batch = numbered(3, toward(receiver))
        const waiting = [
          sender.send(one, toward(receiver)),
          sender.sendBatch(batch),
          sender.awaitWritable
        ]
        const fibers = yield* Effect.forEach(waiting, (wait) =>
          Effect.forkChild(failsWith("Closed", wait), { startImmediately: true })
        )
        yield* parked(sender, 3)
        yield* sender.close
        yield* Fiber.joinAll(fibers)
        yield* equals(sender.datagrams.datagramsSent, 0, "sent")
      })
    )
  }),

  law("UDP-53", "a peer is not changed while sends wait", function* () {
    yield* full(({ receiver, sender, valve }) =>
      Effect.gen(function* () {
        const send = sender.send(one, toward(receiver))
        const sending = yield* Effect.forkChild(send, { startImmediately: true })
        yield* parked(sender)
        yield* failsWith("Busy", sender.connect(toward(receiver)))
        valve.open()
        yield* Fiber.join(sending)
        yield* sender.connect(toward(receiver))
      })
    )
  }),

  law("UDP-54", "of a batch that fails, those before went and those after did not", function* () {
    const [sender, receiver] = [yield* bound, yield* bound]
    const to = toward(receiver)
    const batch: ReadonlyArray<Outgoing> = [
      ...numbered(2, to),
      { bytes: new Uint8Array(65_508), to },
      ...numbered(2, to)
    ]
    const error = yield* failsWith("MessageTooLarge", sender.sendBatch(batch))
    yield* equals(error.index, 2, "index")
    yield* equalsAll(yield* received(receiver, 2), [0, 1], "datagrams")
    yield* equals(yield* sender.trySendBatch(batch), 2, "taken at once")
    const first = yield* failsWith("MessageTooLarge", sender.trySendBatch(batch.slice(2)))
    yield* equals(first.index, 0, "index")
    yield* equalsAll(yield* received(receiver, 4), [0, 1], "datagrams")
  }),

  law("UDP-55", "a batch is checked before any of it goes", function* () {
    const [sender, receiver] = [yield* bound, yield* bound]
    const to = toward(receiver)
    const many = Array.from({ length: 1_025 }, () => ({ bytes: one, to }))
    for (const send of [sender.sendBatch, sender.trySendBatch]) {
      const sending = (batch: ReadonlyArray<Outgoing>) => Effect.asVoid(send.call(sender, batch))
      yield* rejects("batch", sending(many))
      yield* rejects(
        "batch[1].to.port",
        sending([
          { bytes: one, to },
          { bytes: one, to: { port: 0 } }
        ])
      )
      yield* rejects("batch[1].to", sending([{ bytes: one, to }, { bytes: one }]))
    }
    yield* settle
    yield* equals(cameTo(receiver), 0, "datagrams that came")
    yield* sender.sendBatch(many.slice(0, 1))
    yield* receives(receiver, 1)
  }),

  law("UDP-56", "a send needs a literal of the socket's family and a port", function* () {
    const v4 = yield* bound
    for (const host of ["localhost", "example.com", "", "::1", "256.0.0.1"]) {
      yield* rejects("to.host", v4.send(one, { host, port: 1 }))
      yield* rejects("peer.host", v4.connect({ host, port: 1 }))
    }
    for (const port of [0, -1, 65_536, 1.5, Number.NaN]) {
      yield* rejects("to.port", v4.send(one, { port }))
      yield* rejects("peer.port", v4.connect({ port }))
    }
    yield* isTrue(v4.datagrams.datagramsSent === 0, "Nothing should be sent")
  })
])
