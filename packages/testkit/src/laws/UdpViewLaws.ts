/** Laws of datagram sockets as the Reactor and the Proactor show them. */
import { Address, Interest, Operation, Proactor, Reactor } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { bound, receives, type Socket, toward } from "../Datagrams.ts"
import { makeDatagramValve } from "../DatagramValve.ts"
import { equals, equalsAll, failsWith, isTrue } from "../Expectation.ts"
import { withPorts } from "../FaultyPorts.ts"
import { law, lawGroup } from "../Law.ts"
import { parked } from "../Turns.ts"

const readiness = (socket: Socket, interest: Interest.Interest) =>
  Reactor.Reactor.use((reactor) => reactor.awaitReadiness(socket, interest))

const submitAll = <const Ops extends ReadonlyArray<Operation.Operation>>(operations: Ops) =>
  Proactor.Proactor.use((proactor) => proactor.submitAll(operations))

export const UdpViewLaws = lawGroup("Views of datagram sockets", [
  law("REACT-20", "a datagram makes a socket readable, for whoever waits", function* () {
    const [sender, receiver] = [yield* bound, yield* bound]
    const fresh = yield* readiness(receiver, Interest.both)
    yield* equals(fresh.writable && !fresh.readable, true, "a fresh socket is writable alone")
    const waiting = yield* Effect.forEach([1, 2], () =>
      Effect.forkChild(readiness(receiver, Interest.read), { startImmediately: true })
    )
    yield* parked(receiver, 2)
    yield* sender.send(Uint8Array.of(7), toward(receiver))
    for (const fiber of waiting) {
      const { hangUp, readable } = yield* Fiber.join(fiber)
      yield* equals(readable && !hangUp, true, "readable")
    }
    yield* isTrue(Option.isSome(yield* receiver.tryReceive), "Readable, but nothing was there")
    const closing = yield* Effect.forkChild(
      failsWith("Closed", readiness(receiver, Interest.read)),
      { startImmediately: true }
    )
    yield* parked(receiver)
    yield* receiver.close
    yield* Fiber.join(closing)
  }),

  law("REACT-21", "a socket whose host is full is not writable until it is not", function* () {
    const valve = makeDatagramValve()
    const body = Effect.gen(function* () {
      const [sender, receiver] = [yield* bound, yield* bound]
      const datagram = { bytes: Uint8Array.of(7), to: toward(receiver) }
      valve.shut()
      yield* equals(yield* sender.trySendBatch([datagram]), 0, "taken by a full host")
      const waiting = yield* Effect.forkChild(readiness(sender, Interest.both), {
        startImmediately: true
      })
      yield* parked(sender, 2)
      valve.open()
      yield* equals((yield* Fiber.join(waiting)).writable, true, "writable")
      yield* equals(sender.waits.length, 0, "waiting")
      yield* equals(yield* sender.trySendBatch([datagram]), 1, "taken")
      yield* receives(receiver, 7)
    })
    yield* withPorts(valve.change, Effect.scoped(body))
  }),

  law("PRO-20", "datagrams are sent and received as operations, in order", function* () {
    const [sender, receiver] = [yield* bound, yield* bound]
    const send = (number: number) =>
      Operation.sendTo(sender, { bytes: Uint8Array.of(number), to: toward(receiver) })
    const received = Operation.receiveFrom(receiver)
    const receiving = yield* Effect.forkChild(submitAll([received, received, received]), {
      startImmediately: true
    })
    yield* parked(receiver, 3)
    const nobody = Operation.sendTo(sender, { bytes: Uint8Array.of(9) })
    const sent = yield* submitAll([send(1), nobody, send(2), send(3)])
    yield* equalsAll(
      sent.map((exit) => (Exit.isSuccess(exit) ? exit.value.byteCount : "failed")),
      [1, "failed", 1, 1],
      "completions of sends"
    )
    const exits = yield* Fiber.join(receiving)
    for (const [index, exit] of exits.entries()) {
      const { datagram } = yield* exit
      yield* equals(datagram.bytes[0], index + 1, "datagram")
      yield* equals(Address.format(datagram.from), Address.format(sender.address), "sender")
    }
  })
])
