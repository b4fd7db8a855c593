/** What is over keeps nothing: memory that only it knew of is collected. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { expect, it } from "vitest"
import * as Deadline from "../../src/Deadline.ts"
import * as Interval from "../../src/Interval.ts"
import * as SoftCancel from "../../src/SoftCancel.ts"

const collect = (): void => {
  if ("Bun" in globalThis) return (globalThis.Bun as { gc: (force: boolean) => void }).gc(true)
  setFlagsFromString("--expose-gc")
  const gc = runInNewContext("gc") as () => void
  gc()
}

const count = 50
/** Bun's collector takes what lies on the stack for references, so a few may stay. */
const fewMax = 5

type Waiting = (after: Effect.Effect<void>) => Effect.Effect<unknown, unknown>

/** Of objects that only what comes after the wait knows of, how many are still there. */
const left = async (waiting: Waiting, isInterrupted: boolean): Promise<number> => {
  const refs: Array<WeakRef<object>> = []
  const fibers: Array<Fiber.Fiber<unknown, unknown>> = []
  for (let n = 0; n < count; n++) {
    const captured = { bytes: new Uint8Array(1024) }
    refs.push(new WeakRef(captured))
    const after = Effect.sync(() => void captured.bytes.fill(1))
    const fiber = Effect.runFork(waiting(after))
    if (isInterrupted) await Effect.runPromise(Fiber.interrupt(fiber))
    else fibers.push(fiber)
  }
  // What a turn made references of is kept until it ends.
  for (let turn = 0; turn < 5; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve))
    collect()
  }
  const there = refs.filter((ref) => ref.deref() !== undefined).length
  await Effect.runPromise(Fiber.interruptAll(fibers))
  return there
}

const movable = Effect.runSync(Deadline.movable("1 hour"))
const interval = Effect.runSync(Interval.make("1 hour", { start: "1 hour" }))
const never = Deferred.makeUnsafe<void>()

const waits: Readonly<Record<string, Waiting>> = {
  "a sleep": (after) => Effect.andThen(Effect.sleep("1 hour"), after),
  "a run under a deadline": (after) =>
    Deadline.within(Effect.andThen(Deferred.await(never), after), movable),
  "a wait for a deadline": (after) => Effect.andThen(Deadline.sleepUntil(movable), after),
  "a wait for a tick": (after) => Effect.andThen(interval.tick, after),
  "a region that is asked to stop": (after) =>
    SoftCancel.run(() => SoftCancel.untilRequested(Effect.andThen(Deferred.await(never), after)), {
      grace: 0
    })
}

it.each(Object.entries(waits))("%s, interrupted, keeps nothing", async (_, waiting) => {
  expect(await left(waiting, true)).toBeLessThanOrEqual(fewMax)
})

it.each(Object.entries(waits))("%s, under way, keeps what comes after it", async (_, waiting) => {
  expect(await left(waiting, false)).toBe(count)
})

it("a run that is over keeps nothing, though its deadline is to come", async () => {
  const over = (after: Effect.Effect<void>) => Deadline.within(after, movable)
  expect(await left(over, false)).toBeLessThanOrEqual(fewMax)
})
