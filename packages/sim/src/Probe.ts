/**
 * What a program tells whoever explores it: promises, places that should be reached, progress; and
 * what it asks: choices. Outside of a world all of it is inert, but for broken promises, which are
 * defects everywhere.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Check, ProbePort } from "./ProbePort.ts"
import { Violation, type ViolationKind } from "./Violation.ts"

export type { Check } from "./ProbePort.ts"

const broken = (kind: ViolationKind, label: string, detail: string | undefined) =>
  ProbePort.use((probe) => {
    const violation = new Violation({ kind, label, detail })
    probe.violated(violation)
    return Effect.die(violation)
  })

/** Dies with `Violation` unless `condition` holds. `detail` says what was found. */
export const always = (label: string, condition: boolean, detail?: string): Effect.Effect<void> =>
  condition ? Effect.void : broken("always", label, detail)

/**
 * A place that some run should come to with `condition` holding, by default at all. An exploration
 * in which none does fails, as what it should have tried was never tried.
 */
export const sometimes = (label: string, condition = true): Effect.Effect<void> =>
  ProbePort.use((probe) => Effect.sync(() => probe.passed(label, condition)))

/** An operation of the program has come to its end: work is done, not only waiting or retrying. */
export const committed: Effect.Effect<void> = ProbePort.use((probe) =>
  Effect.sync(() => probe.committed())
)

/**
 * Checks after every step of the world, of any host, until the scope closes. The world stops with a
 * `Violation` when `check` gives false or a string, which says what it found. It has to be quick,
 * synchronous and without effect. Outside of a world it is never called.
 */
export const invariant = (label: string, check: Check): Effect.Effect<void, never, Scope.Scope> =>
  ProbePort.use((probe) =>
    Effect.acquireRelease(
      Effect.sync(() => probe.addInvariant(label, check)),
      () => Effect.sync(() => probe.removeInvariant(check))
    )
  )

/**
 * Succeeds once `check` gives true, looking at 1 ms at first and ever more seldom, 50 times or more
 * in all. Dies with `Violation` if it has not by the end of `within`. To be asked for after faults
 * have ended: under faults, nothing need ever come.
 */
export const eventually = (
  label: string,
  check: Check,
  options: { readonly within: Duration.Input }
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const within = Duration.toMillis(options.within)
    const start = yield* Clock.currentTimeMillis
    for (let pause = 1; ; pause = Math.min(pause * 1.25, within / 50)) {
      const found = check()
      if (found === true) return
      const left = start + within - (yield* Clock.currentTimeMillis)
      if (left <= 0) {
        return yield* broken("eventually", label, typeof found === "string" ? found : undefined)
      }
      yield* Effect.sleep(Math.min(pause, left))
    }
  })

/**
 * One of `options`, which must not be empty: any in a world that is explored, the first one
 * otherwise. A decision of the run: it is replayed, and shrunk towards the first.
 */
export const choose = <A>(
  label: string,
  options: readonly [A, ...ReadonlyArray<A>]
): Effect.Effect<A> =>
  ProbePort.use((probe) => Effect.sync(() => options[probe.choose(label, options.length)]!))

/**
 * Whether to do here what is rare but allowed. In a quarter of the explored worlds a label is
 * active, and then it is true one time in four (as FoundationDB's `BUGGIFY`). Outside, never.
 */
export const buggify = (label: string): Effect.Effect<boolean> =>
  ProbePort.use((probe) => Effect.sync(() => probe.buggify(label)))
