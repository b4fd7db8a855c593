/**
 * A cache that is filled by readers and cleared by writers, in the wrong order: three fibers have
 * to meet for a value that is out of date to stay in it.
 */
import { Probe } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Canary } from "./Canary.ts"

class Store {
  stored = 0
  cached: number | undefined = undefined
  /** Counts writes, so that who read before one does not fill the cache after it. */
  version = 0
}

const sync = Effect.sync

const read = (store: Store, isFixed: boolean) =>
  Effect.gen(function* () {
    const hit = yield* sync(() => store.cached)
    if (hit !== undefined) return hit
    const { value, version } = yield* sync(() => ({ value: store.stored, version: store.version }))
    yield* sync(() => {
      if (!isFixed || store.version === version) store.cached = value
    })
    return value
  })

const write = (store: Store, value: number) =>
  Effect.gen(function* () {
    yield* sync(() => void (store.stored = value))
    yield* sync(() => {
      store.version++
      store.cached = undefined
    })
    yield* Probe.committed
  })

const scenario = (isFixed: boolean) =>
  Effect.gen(function* () {
    const store = new Store()
    const fork = <A>(effect: Effect.Effect<A>) => Effect.forkChild(effect)
    const reader = yield* fork(read(store, isFixed))
    const writer = yield* fork(write(store, 1))
    const other = yield* fork(read(store, isFixed))
    yield* Fiber.joinAll([reader, other])
    yield* Fiber.join(writer)
    const seen = yield* read(store, isFixed)
    yield* Probe.always("what was written is read", seen === 1, `${seen}`)
  })

export const staleCache: Canary = {
  name: "stale cache",
  buggy: scenario(false),
  fixed: scenario(true),
  fails: "violation: always what was written is read",
  seeds: 1000
}
