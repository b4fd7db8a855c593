/** Laws of the receive queue: bounded in bytes, with a policy, and with exact counters. */
import { Udp, type UdpOptions } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { bound, cameTo, receiveAll, receives, type Socket, toward } from "../Datagrams.ts"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { eventually, parked, settle } from "../Turns.ts"

/** What a datagram costs beside its payload. */
const overheadBytes = 384
/** Of the datagrams here. */
const payloadBytes = 616
const costBytes = payloadBytes + overheadBytes

/** So few that no kernel drops any of them. */
const burst = 10

/** Sends numbered datagrams; goes on when all of a burst have come, so that only core drops. */
const flood = (sender: Socket, receiver: Socket, count: number) =>
  Effect.gen(function* () {
    const before = cameTo(receiver)
    for (let sent = 0; sent < count; sent += burst) {
      const batch = Array.from({ length: Math.min(burst, count - sent) }, (_, index) => ({
        bytes: new Uint8Array(payloadBytes).fill((sent + index) % 256),
        to: toward(receiver)
      }))
      yield* sender.sendBatch(batch)
      yield* eventually(
        `${sent + batch.length} datagrams`,
        Effect.sync(() => cameTo(receiver) === before + sent + batch.length)
      )
    }
  })

const numbers = (from: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, index) => (from + index) % 256)

/** A flooded socket with room for ten, and what it counts. */
const flooded = (overflow: UdpOptions.Overflow, count: number) =>
  Effect.gen(function* () {
    const sender = yield* bound
    const receiver = yield* Udp.bind({ port: 0, receiveQueueBytes: 10 * costBytes, overflow })
    yield* flood(sender, receiver, count)
    const { datagrams } = receiver
    yield* equals(datagrams.datagramsQueued, 10, "queued")
    yield* equals(datagrams.datagramsDropped, count - 10, "dropped")
    yield* equals(datagrams.bytesDropped, (count - 10) * payloadBytes, "bytes dropped")
    yield* equals(datagrams.datagramsReceived, 0, "received")
    return { receiver, sender }
  })

export const UdpQueueLaws = lawGroup("Receive queue", [
  law("UDP-08", "a full queue drops what comes, and counts exactly that", function* () {
    const { receiver } = yield* flooded("dropNewest", 47)
    yield* equalsAll(yield* receiveAll(receiver), numbers(0, 10), "the first ten")
    yield* equals(receiver.datagrams.datagramsReceived, 10, "received")
  }),

  law("UDP-40", "or what came first, where it was told so, and counts that", function* () {
    const { receiver } = yield* flooded("dropOldest", 47)
    yield* equalsAll(yield* receiveAll(receiver), numbers(37, 10), "the last ten")
    yield* equals(receiver.datagrams.datagramsDropped, 37, "dropped")
  }),

  law("UDP-41", "a queue that was full takes more as soon as there is room", function* () {
    const { receiver, sender } = yield* flooded("dropNewest", 20)
    for (let round = 0; round < 3; round++) {
      yield* receives(receiver, ...new Uint8Array(payloadBytes).fill(round))
      yield* flood(sender, receiver, 2)
    }
    const { datagramsDropped, datagramsQueued } = receiver.datagrams
    yield* equals(datagramsQueued, 10, "queued")
    yield* equals(datagramsDropped, 13, "dropped")
  }),

  law("UDP-42", "a thousand datagrams to who does not receive hold no more", function* () {
    const { receiver } = yield* flooded("dropNewest", 1_000)
    yield* equals((yield* receiveAll(receiver)).length, 10, "datagrams held")
  }),

  law("UDP-43", "an empty queue takes one datagram of any length", function* () {
    const sender = yield* bound
    const receiver = yield* Udp.bind({ port: 0, receiveQueueBytes: 1024 })
    for (const length of [60_000, 2_000, 1_024]) {
      yield* sender.send(new Uint8Array(length), toward(receiver))
      yield* receiver.awaitReadable
      yield* equals((yield* receiver.receive).bytes.length, length, "bytes")
    }
    yield* equals(receiver.datagrams.datagramsDropped, 0, "dropped")
  }),

  law("UDP-44", "what a fiber waits for is not dropped, however small the queue", function* () {
    const sender = yield* bound
    const receiver = yield* Udp.bind({ port: 0, receiveQueueBytes: 1024, overflow: "dropOldest" })
    const receiving = yield* Effect.forEach([0, 1, 2, 3, 4], (place) =>
      Effect.tap(Effect.forkChild(receiver.receive, { startImmediately: true }), () =>
        parked(receiver, place + 1)
      )
    )
    yield* flood(sender, receiver, 5)
    const got = yield* Effect.forEach(receiving, (fiber) => Fiber.join(fiber))
    const firsts = got.map(({ bytes }) => bytes[0]!)
    yield* equalsAll(firsts, numbers(0, 5), "datagrams")
    yield* equals(receiver.datagrams.datagramsDropped, 0, "dropped")
  }),

  law("UDP-45", "a full kernel buffer drops in silence, and neither end fails", function* () {
    const sender = yield* bound
    const receiver = yield* bound
    const bytes = new Uint8Array(8_000)
    // Far more than a buffer of 208 KiB: what comes before the host's loop looks is lost.
    const batch = Array.from({ length: 1_000 }, () => ({ bytes, to: toward(receiver) }))
    yield* sender.sendBatch(batch)
    yield* settle
    const came = cameTo(receiver)
    yield* isTrue(came > 0 && came <= batch.length, `${came} of ${batch.length} came`)
    yield* equals(sender.datagrams.datagramsSent, batch.length, "sent")
    yield* receiveAll(receiver)
    yield* sender.send(Uint8Array.of(1), toward(receiver))
    yield* receives(receiver, 1)
  }),

  law("UDP-17", "a loop that receives from a flooded socket lets others run", function* () {
    const socket = yield* bound
    const batch = Array.from({ length: burst }, () => ({ bytes: Uint8Array.of(1) }))
    yield* socket.connect(toward(socket))
    yield* socket.sendBatch(batch)
    let rounds = 0
    // Half a second of it, so that a loop that never yields fails, and hangs not.
    const loop = Effect.whileLoop({
      while: () => rounds < 50_000,
      body: () => Effect.andThen(socket.receive, socket.send(Uint8Array.of(1))),
      step: () => rounds++
    })
    const looping = yield* Effect.forkChild(loop)
    yield* eventually(
      "the loop runs",
      Effect.sync(() => rounds > 0)
    )
    yield* Effect.sleep("1 millis")
    yield* isTrue(looping.pollUnsafe() === undefined, "It ended before anybody else ran")
    yield* Fiber.interrupt(looping)
  })
])
