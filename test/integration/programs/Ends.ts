/** Programs that end by themselves, or not: by what they leave to be waited for. */
import { EventLoop } from "@portico/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"

const ready = Console.log("ready")

const wakeUp = Effect.gen(function* () {
  const loop = yield* EventLoop.EventLoop
  const one = yield* loop.openWakeUp
  yield* ready
  return yield* one.await
})

const unrefWakeUp = Effect.gen(function* () {
  const loop = yield* EventLoop.EventLoop
  const one = yield* loop.openWakeUp
  // So that a thread can wake it, too.
  yield* one.cell
  yield* one.unref
  yield* ready
  return yield* one.await
})

const timer = Effect.gen(function* () {
  const loop = yield* EventLoop.EventLoop
  const one = yield* loop.openTimer("1 hour")
  yield* ready
  return yield* one.await
})

const unrefTimer = Effect.gen(function* () {
  const loop = yield* EventLoop.EventLoop
  const one = yield* loop.openTimer("1 hour")
  yield* one.unref
  yield* ready
  return yield* one.await
})

const unrefCheck = Effect.gen(function* () {
  const loop = yield* EventLoop.EventLoop
  const hook = yield* loop.hook("check", () => {})
  yield* hook.unref
  yield* ready
  return yield* Effect.never
})

const check = Effect.gen(function* () {
  const loop = yield* EventLoop.EventLoop
  yield* loop.hook("check", () => {})
  yield* ready
  return yield* Effect.never
})

const idle = Effect.gen(function* () {
  const loop = yield* EventLoop.EventLoop
  yield* loop.hook("idle", () => {})
  yield* ready
  return yield* Effect.never
})

/** A defect, a fiber that is left behind, a sleep: none of them is left to wait for. */
const done = Effect.gen(function* () {
  yield* Effect.forkChild(Effect.never)
  yield* Effect.forkChild(Effect.die(new Error("on purpose")))
  yield* Effect.sleep("1 millis")
  yield* ready
})

export const ends = {
  check,
  done,
  idle,
  nothing: Effect.void,
  timer,
  unrefCheck,
  unrefTimer,
  unrefWakeUp,
  wakeUp
}
