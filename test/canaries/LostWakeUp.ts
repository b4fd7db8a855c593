/**
 * A bounded buffer by hand, of latches: who finds it empty waits for the next put, but looks and
 * waits in two steps, and a put between the two wakes nobody.
 */
import { Probe } from "@portico/sim"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Canary } from "./Canary.ts"

class Buffer {
  readonly items: Array<number> = []
  waiting: Array<Deferred.Deferred<void>> = []
}

const put = (buffer: Buffer, item: number) =>
  Effect.gen(function* () {
    const waiting = yield* Effect.sync(() => {
      buffer.items.push(item)
      return buffer.waiting.splice(0)
    })
    for (const gate of waiting) yield* Deferred.succeed(gate, undefined)
    yield* Probe.committed
  })

const take = (buffer: Buffer, isFixed: boolean) =>
  Effect.gen(function* () {
    for (;;) {
      const gate = Deferred.makeUnsafe<void>()
      if (isFixed) buffer.waiting.push(gate)
      const item = yield* Effect.sync(() => buffer.items.shift())
      if (item !== undefined) return item
      if (!isFixed) yield* Effect.sync(() => buffer.waiting.push(gate))
      yield* Deferred.await(gate)
    }
  })

const scenario = (isFixed: boolean) =>
  Effect.gen(function* () {
    const buffer = new Buffer()
    const taker = yield* Effect.forkChild(take(buffer, isFixed))
    const putter = yield* Effect.forkChild(put(buffer, 1))
    yield* Fiber.join(putter)
    yield* Fiber.join(taker)
  })

export const lostWakeUp: Canary = {
  name: "lost wake-up",
  buggy: scenario(false),
  fixed: scenario(true),
  fails: "deadlock: ",
  seeds: 50
}
