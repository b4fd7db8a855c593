/** How much may wait for the log, and that whoever waits for room gets it. */
import { Files } from "@portico/core"
import { Sim } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { Journal, waitingBytesMax } from "../../src/journal/Journal.ts"
import { Rewrite } from "../../src/journal/Rewrite.ts"
import { makeEngine } from "../Console.ts"
import { client, inEveryOrder, start } from "../KvWorld.ts"

const timeout = 30_000
const requestBytes = 900_000
const big = "x".repeat(requestBytes)

const openJournal = Effect.map(
  Files.open("/log", { access: "readWrite", create: "ifMissing" }),
  (file) => new Journal({ file, end: 0, mark: 0 }, "every-second")
)

/** More than may wait. */
const fill = (journal: Journal): void => {
  journal.sink.append(new Uint8Array(waitingBytesMax + 1), 0, waitingBytesMax + 1)
}

/** As if the journal had written what waits. */
const empty = (journal: Journal): void =>
  void journal.buffer.take({ position: 0, durable: 0, mark: 0 })

describe("what waits for the log", { timeout }, () => {
  it("is bounded, however many change something while the disk is slow", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { engine } = yield* start({ inputBytesMax: 64 * 1024 * 1024 })
        const { disk } = yield* Sim.Sim
        yield* disk.setSpeed({ syncNanos: 2_000_000_000 })
        const all = yield* Effect.forEach(Array.from({ length: 20 }).keys(), (count) =>
          Effect.flatMap(client, (one) =>
            Effect.forkChild(one.ask("SET", `key ${count}`, big), { startImmediately: true })
          )
        )
        let most = 0
        for (let round = 0; round < 5_000; round++) {
          const line = engine.describeLog().find((text) => text.startsWith("aof_buffer_length"))!
          most = Math.max(most, Number(line.split(":")[1]))
          yield* Effect.sleep("1 millis")
        }
        expect(most).toBeGreaterThan(waitingBytesMax)
        expect(most).toBeLessThan(waitingBytesMax + 2 * requestBytes)
        expect(yield* Fiber.joinAll(all)).toStrictEqual(all.map(() => "OK"))
      }),
      3
    ))

  it("waits no longer for a rewrite that has failed", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const journal = yield* openJournal
        const rewrite = new Rewrite(makeEngine(), journal, "/nowhere/log")
        const failing = yield* Effect.forkChild(Effect.flip(rewrite.run))
        while (journal.shadow === undefined) yield* Effect.yieldNow
        fill(journal)
        // What is left is the rewrite's.
        empty(journal)
        const waiting = yield* Effect.forkChild(Effect.all([journal.settled, journal.room]))
        expect(yield* Fiber.join(failing)).toMatchObject({ reason: { _tag: "NotFound" } })
        yield* Fiber.join(waiting)
      })
    ))

  it("is not filled again before those who filled it are answered", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const journal = yield* openJournal
        fill(journal)
        const [answered] = yield* Effect.all([
          Effect.forkChild(journal.settled, { startImmediately: true }),
          Effect.forkChild(
            Effect.map(journal.room, () => fill(journal)),
            {
              startImmediately: true
            }
          )
        ])
        empty(journal)
        journal.settle()
        yield* Fiber.join(answered)
        expect(journal.isFull).toBe(true)
      })
    ))
})
