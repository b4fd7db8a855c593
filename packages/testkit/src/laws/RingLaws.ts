/** Laws of the byte ring between fibers and threads. */
import { SharedByteRing } from "@portico/core/sync"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { equals, isTrue, sameBytes } from "../Expectation.ts"
import { lawGroup } from "../Law.ts"
import { actors, refuses, start, syncLaw, threadLaw } from "../SyncLaw.ts"
import { isRing, pieces, ringBytes } from "../SyncSteps.ts"

const bytesSent = 20_000

const produce = (ring: SharedByteRing.SharedByteRing) =>
  Effect.gen(function* () {
    let done = 0
    for (const size of pieces(bytesSent)) {
      yield* ring.write(ringBytes(done, size))
      done += size
    }
    yield* ring.closeWriter
  })

const consume = (ring: SharedByteRing.SharedByteRing) =>
  Effect.gen(function* () {
    for (let done = 0; ;) {
      const chunk = yield* ring.read(777)
      if (Option.isNone(chunk)) return done
      yield* isTrue(isRing(chunk.value, done), `The bytes after ${done} should be as sent`)
      done += chunk.value.length
    }
  })

const small = SharedByteRing.make({ capacityBytes: 1_024 })

export const RingLaws = lawGroup("Byte rings", [
  syncLaw("SYNC-60", "bytes come out of a ring as they went in, then the end", function* () {
    const ring = yield* small
    const writing = yield* start(produce(ring))
    yield* equals(yield* consume(ring), bytesSent, "bytes")
    yield* Fiber.join(writing)
    yield* isTrue(Option.isNone(yield* ring.read()), "The end should come again")
    yield* refuses("Closed", ring.write(ringBytes(0, 1)))
    yield* refuses("InvalidArgument", SharedByteRing.make({ capacityBytes: 1_000 }))
  }),

  syncLaw(
    "SYNC-61",
    "one fiber writes and one reads, and interrupted they lose nothing",
    function* () {
      const ring = yield* small
      const reading = yield* start(ring.read())
      yield* refuses("AlreadyOwner", ring.read())
      yield* Fiber.interrupt(reading)
      yield* ring.write(ringBytes(0, 1_024))
      const writing = yield* start(ring.write(ringBytes(0, 1)))
      yield* refuses("AlreadyOwner", ring.write(ringBytes(0, 1)))
      yield* Fiber.interrupt(writing)
      yield* sameBytes(
        Option.getOrThrow(yield* ring.read()),
        ringBytes(0, 1_024),
        "what was written"
      )
      yield* ring.write(ringBytes(0, 3))
      yield* sameBytes(Option.getOrThrow(yield* ring.read()), ringBytes(0, 3), "what was written")
    }
  ),

  syncLaw("SYNC-62", "a write that is interrupted half done breaks the ring", function* () {
    const ring = yield* small
    const writing = yield* start(ring.write(ringBytes(0, 2_000)))
    yield* Fiber.interrupt(writing)
    yield* equals(Option.getOrThrow(yield* ring.read()).length, 1_024, "bytes that were in")
    yield* refuses("Broken", ring.read())
    yield* refuses("Closed", ring.write(ringBytes(0, 1)))
  }),

  threadLaw("SYNC-63", "a thread writes what a fiber reads", function* () {
    const ring = yield* small
    const act = yield* actors(1)
    const thread = yield* act(["produce", ring.cell, bytesSent])
    yield* equals(yield* consume(ring), bytesSent, "bytes")
    yield* thread.gives(true)
  }),

  threadLaw("SYNC-64", "a thread reads what a fiber writes", function* () {
    const ring = yield* small
    const act = yield* actors(1)
    const thread = yield* act(["consume", ring.cell])
    yield* produce(ring)
    yield* thread.gives(bytesSent)
  }),

  threadLaw("SYNC-65", "when one side dies, the other is told Broken", function* () {
    const ring = yield* small
    const act = yield* actors(1)
    // It writes more than is ever read, and is ended in the midst of it.
    const writer = yield* act(["produce", ring.cell, 5_000])
    let left = 5_000 - Option.getOrThrow(yield* ring.read(10)).length
    yield* writer.kill
    let isBroken = false
    while (!isBroken) {
      isBroken = yield* Effect.match(ring.read(), {
        onFailure: ({ reason }) => reason._tag === "Broken",
        onSuccess: (chunk) => {
          left -= Option.getOrThrow(chunk).length
          return false
        }
      })
    }
    yield* isTrue(left > 0, "It should have been ended before it had written all")
  })
])
