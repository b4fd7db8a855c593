/** Laws that every handle of the loop itself satisfies: timers, wake-ups, phase hooks. */
import { Backend, EventLoop, type Handle, Phase } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { openLoop } from "../AnotherLoop.ts"
import { equals, equalsAll, failsWith, isTrue } from "../Expectation.ts"
import { handles } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { parked } from "../Turns.ts"

type Closable = Handle.Handle & { readonly close: Effect.Effect<void> }

/** One of each kind; a hook where the host shows any phase. */
const openEach = Effect.gen(function* () {
  const loop = yield* EventLoop.EventLoop
  const { capabilities } = yield* Backend.Backend
  const opened: Array<Closable> = [yield* loop.openTimer("1 hour"), yield* loop.openWakeUp]
  const shown = Phase.all.find((phase) => capabilities[Phase.capability[phase]])
  if (shown !== undefined) opened.push(yield* loop.hook(shown, () => {}))
  return opened
})

export const LoopHandleLaws = lawGroup("Handles of the loop", [
  law("HANDLE-08", "timers, wake-ups and hooks are listed until their scope ends", function* () {
    const scope = yield* Scope.make()
    const opened = yield* Scope.provide(openEach, scope)
    const listed = yield* handles
    for (const handle of opened) {
      const { id, kind, label, site, state } = handle
      yield* isTrue(listed.includes(handle), `Not listed: ${label}`)
      yield* isTrue(label.startsWith(`${kind} #${id}`), `${label} should name ${kind} #${id}`)
      yield* equals(state._tag, "Open", `state of ${label}`)
      yield* isTrue(site?.includes("LoopHandleLaws") === true, `${label} was opened at ${site}`)
    }
    const kinds = opened.map(({ kind }) => kind)
    yield* equalsAll(kinds, ["Timer", "WakeUp", "PhaseHook"].slice(0, opened.length), "kinds")
    yield* Scope.close(scope, Exit.void)
    const left = yield* handles
    for (const handle of opened) {
      yield* equals(handle.state._tag, "Closed", `state of ${handle.label}`)
      yield* isTrue(!left.includes(handle), `Still listed: ${handle.label}`)
    }
  }),

  law("HANDLE-09", "closing a timer or a wake-up wakes who awaits it with Closed", function* () {
    const { openTimer, openWakeUp } = yield* EventLoop.EventLoop
    const timer = yield* openTimer("1 hour")
    const wakeUp = yield* openWakeUp
    for (const handle of [timer, wakeUp]) {
      const waiting = yield* Effect.forkChild(failsWith("Closed", handle.await), {
        startImmediately: true
      })
      yield* parked(handle)
      yield* handle.close
      yield* Fiber.join(waiting)
      yield* equals(handle.waits.length, 0, `waiting on ${handle.label}`)
      yield* failsWith("Closed", handle.await)
    }
    yield* failsWith("Closed", timer.restart("1 millis"))
    yield* equals(timer.hasFired, false, "fired when it was closed")
  }),

  law("HANDLE-10", "a backend that ends closes its timers, wake-ups and hooks", function* () {
    const scope = yield* Scope.make()
    const loop = yield* openLoop(scope)
    // Their own scope is the law's, which goes on.
    const opened = yield* Effect.provideService(openEach, EventLoop.EventLoop, loop)
    const awaited = [yield* loop.openTimer("1 hour"), yield* loop.openWakeUp]
    const waiting = yield* Effect.forEach(awaited, (handle) =>
      Effect.forkChild(failsWith("Closed", handle.await), { startImmediately: true })
    )
    for (const handle of awaited) yield* parked(handle)
    yield* Scope.close(scope, Exit.void)
    yield* Fiber.joinAll(waiting)
    for (const handle of [...opened, ...awaited]) {
      yield* equals(handle.state._tag, "Closed", `state of ${handle.label}`)
    }
  }),

  law("HANDLE-11", "closing what is closing or closed does nothing, whatever it is", function* () {
    for (const handle of yield* openEach) {
      yield* Effect.all([handle.close, handle.close, handle.close], { concurrency: "unbounded" })
      yield* handle.close
      yield* equals(handle.state._tag, "Closed", `state of ${handle.label}`)
      yield* handle.ref
      yield* isTrue(!handle.isRef, `${handle.label} is closed and keeps nothing alive`)
    }
  })
])
