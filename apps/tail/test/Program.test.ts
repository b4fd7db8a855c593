/** Lines from files to subscribers, through rotations; and subscribers that are slow. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Files, IoError } from "@portico/core"
import { describe, expect, it } from "vitest"
import {
  append,
  inEveryOrder,
  joinAll,
  log,
  next,
  numbered,
  serveTail,
  startTail,
  subscribe,
  textOf
} from "./TailWorld.ts"

describe("tail", () => {
  it("sends each subscriber every line once, through rotations, and ends at its stop", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const tail = yield* startTail()
        const subscribers = yield* Effect.forEach([1, 2, 3], () => subscribe(tail))
        const readers = yield* Effect.forEach(subscribers, (one) => Effect.forkChild(textOf(one)))
        for (let round = 0; round < 12; round++) {
          yield* append(numbered(round * 5, 5))
          if (round % 3 === 2) yield* Files.rename(log, `${log}.${20_000_000 + round}`)
        }
        while (tail.hub.linesPublished < 60) yield* Effect.sleep("10 millis")
        yield* tail.stop
        for (const text of yield* joinAll(readers)) expect(text).toBe(numbered(0, 60))
        yield* Effect.sleep("10 millis")
        expect(tail.hub.text).toBe(
          `lines=60 bytes=${numbered(0, 60).length} subscribers=0 ` +
            `bytes_sent=${3 * numbered(0, 60).length} finished=3 slow=0 lost=0`
        )
      }).pipe(Effect.scoped)
    ))

  it("cuts off who does not read, and nobody else waits", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const tail = yield* startTail({ subscriberBytesMax: 65_536 })
        const slow = yield* subscribe(tail)
        const quick = yield* subscribe(tail)
        const began = yield* Clock.currentTimeMillis
        const line = `${"x".repeat(65_535)}\n`
        let sent = 0
        while (!tail.hub.text.includes(" slow=1 ")) {
          yield* append(line)
          expect(yield* next(quick, line)).toBe(line)
          sent++
          expect(sent).toBeLessThan(1_000)
        }
        const millis = (yield* Clock.currentTimeMillis) - began
        expect(millis / sent).toBeLessThan(20)
        const error = yield* Effect.flip(textOf(slow))
        expect(IoError.isIoError(error, "ConnectionReset")).toBe(true)
        yield* append("after\n")
        expect(yield* next(quick, "after\n")).toBe("after\n")
      }).pipe(Effect.scoped)
    ))

  it("names the files when there are several, and gives what is there already if asked", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* append("old\n", "/home/a")
        const tail = yield* startTail({ files: ["/home/a", "/home/b"] })
        const subscriber = yield* subscribe(tail)
        yield* append("1\n", "/home/a")
        expect(yield* next(subscriber, "/home/a: 1\n")).toBe("/home/a: 1\n")
        yield* append("2\n", "/home/b")
        expect(yield* next(subscriber, "/home/b: 2\n")).toBe("/home/b: 2\n")
      }).pipe(Effect.scoped)
    ))

  it("goes on sending to who has ended its side, and forgets who has gone", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const tail = yield* startTail()
        const subscriber = yield* subscribe(tail)
        const gone = yield* subscribe(tail)
        yield* subscriber.shutdown
        yield* gone.reset
        yield* append("1\n")
        expect(yield* next(subscriber, "1\n")).toBe("1\n")
        yield* append("2\n")
        expect(yield* next(subscriber, "2\n")).toBe("2\n")
        while (!tail.hub.text.includes(" lost=1")) yield* Effect.sleep("10 millis")
      }).pipe(Effect.scoped)
    ))

  it("fails when the directory of a file is gone", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* Files.createDirectory("/home/logs")
        const { following } = yield* serveTail({ files: ["/home/logs/log"] })
        yield* Files.removeDirectory("/home/logs")
        const error = yield* Effect.flip(following)
        expect(IoError.isIoError(error, "NotFound")).toBe(true)
      }).pipe(Effect.scoped)
    ))
})
