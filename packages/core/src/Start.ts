/**
 * Starting a child that says when it is ready, and with what: a server that has bound its port, a
 * consumer that has joined its group. As `TaskGroup.start` of AnyIO and `nursery.start` of trio.
 *
 * Until it is ready the child belongs to the caller: its failure is the caller's, and interrupting
 * the caller interrupts it. From then on it lives where it was started.
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as Scope from "effect/Scope"
import { NotReady } from "./NotReady.ts"

/** Reports that the child is ready; it goes on. A second report is a defect of the child. */
export type Ready<Value> = (value: Value) => Effect.Effect<void>

export interface Started<Value, A, E> {
  /** What the child reported. */
  readonly value: Value
  /** The child, which runs on; how it ends is told by it alone. */
  readonly fiber: Fiber.Fiber<A, E>
}

/**
 * Starts a child in the scope and waits until it is ready.
 *
 * Fails with the child's failure when that came first, with `NotReady` when the child ended without
 * a report; nothing is left of it then. When the scope ends, the child is interrupted, ready or
 * not. Interrupting the caller before the child is ready interrupts the child and waits for it;
 * later, the child stays in the scope.
 */
export const scoped = <Value, A, E, R>(
  child: (ready: Ready<Value>) => Effect.Effect<A, E, R>
): Effect.Effect<Started<Value, A, E>, E | NotReady, R | Scope.Scope> =>
  Effect.flatMap(Scope.Scope, (scope) =>
    begin(child, {
      onBegin: (fiber) => void Fiber.runIn(fiber, scope),
      onReady: () => {}
    })
  )

/**
 * As `scoped`, in a `FiberSet`, which the child joins when it is ready: from then on its failure
 * fails `FiberSet.join`, as that of the set's other fibers. Before, the set knows nothing of it.
 */
export const inSet = <A, E, Value, XA extends A, XE extends E, R>(
  set: FiberSet.FiberSet<A, E>,
  child: (ready: Ready<Value>) => Effect.Effect<XA, XE, R>
): Effect.Effect<Value, XE | NotReady, R> =>
  Effect.map(
    begin(child, {
      onBegin: () => {},
      onReady: (fiber) => FiberSet.addUnsafe(set, fiber)
    }),
    ({ value }) => value
  )

interface Home<A, E> {
  readonly onBegin: (fiber: Fiber.Fiber<A, E>) => void
  readonly onReady: (fiber: Fiber.Fiber<A, E>) => void
}

const begin = <Value, A, E, R>(
  child: (ready: Ready<Value>) => Effect.Effect<A, E, R>,
  home: Home<A, E>
): Effect.Effect<Started<Value, A, E>, E | NotReady, R> =>
  Effect.contextWith((context: Context.Context<R>) =>
    Effect.callback<Started<Value, A, E>, E | NotReady>((resume) => {
      let isReady = false
      let isAbandoned = false
      let fiber: Fiber.Fiber<A, E> | undefined
      const ready = (value: Value) =>
        Effect.suspend(() => {
          if (isReady) return Effect.die(new Error("A child reported ready twice"))
          isReady = true
          if (isAbandoned) return Effect.void
          const started = { value, fiber: fiber! }
          home.onReady(started.fiber)
          resume(Effect.succeed(started))
          return Effect.void
        })
      const onEnd = (exit: Exit.Exit<A, E>) => {
        if (isReady) return
        resume(exit._tag === "Success" ? Effect.fail(new NotReady()) : Effect.failCause(exit.cause))
      }
      // The child may be ready before the fork returns.
      const known = Effect.withFiber<A, E, R>((self) => {
        fiber = self as Fiber.Fiber<A, E>
        return child(ready)
      })
      fiber = Effect.runForkWith(context)(known)
      home.onBegin(fiber)
      fiber.addObserver(onEnd)
      return Effect.suspend(() => {
        if (isReady || fiber === undefined) return Effect.void
        isAbandoned = true
        return Fiber.interrupt(fiber)
      })
    })
  )
