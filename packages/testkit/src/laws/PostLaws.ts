/** Laws of tasks that are posted to the loop. */
import { Backend, EventLoop, type IoError } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scheduler from "effect/Scheduler"
import * as Scope from "effect/Scope"
import { openLoop } from "../AnotherLoop.ts"
import { equals, equalsAll, failsWith, isRefused, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { recordingLogs } from "../Logs.ts"
import { eventually, settle } from "../Turns.ts"

/** What the queue of `EventLoop.post` holds. */
const tasksMax = 65_536

const range = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from }, (_, index) => from + index)

export const PostLaws = lawGroup("Posted tasks", [
  law("LOOP-10", "posted tasks run later, in the order of posting", function* () {
    const loop = yield* EventLoop.EventLoop
    const { turn } = yield* Backend.Backend
    const ran: Array<number> = []
    const task = (n: number) => Effect.sync(() => void ran.push(n))
    turn.later(() => {
      for (const n of range(0, 100)) loop.postUnsafe(task(n))
      // Nothing ran inside the calls: the next one is noted in front of all.
      ran.push(-1)
    })
    yield* eventually(
      "a callback has posted",
      Effect.sync(() => ran.length > 0)
    )
    for (const n of range(100, 200)) yield* loop.post(task(n))
    yield* eventually(
      "all of them ran",
      Effect.sync(() => ran.length === 201)
    )
    yield* equalsAll(ran, range(-1, 200), "order")
  }),

  law("LOOP-12", "a task whose key stands in the queue is not posted again", function* () {
    const loop = yield* EventLoop.EventLoop
    const { turn } = yield* Backend.Backend
    const ran: Array<string> = []
    const task = (name: string) => Effect.sync(() => void ran.push(name))
    const postAll = () => {
      for (let time = 0; time < 1_000; time++) {
        for (const key of ["one", "other"]) loop.postUnsafe(task(key), { key })
      }
      loop.postUnsafe(task("none"))
    }
    // What has run may be posted again.
    for (const count of [3, 6]) {
      turn.later(postAll)
      yield* eventually(
        "they ran",
        Effect.sync(() => ran.length >= count)
      )
      yield* settle
      yield* equalsAll(ran.slice(count - 3), ["one", "other", "none"], "what ran")
    }
  }),

  law("LOOP-13", "a loop that was shut down takes no more, and ran what it had", function* () {
    const scope = yield* Scope.make()
    const loop = yield* openLoop(scope)
    const wakeUp = yield* Scope.provide(loop.openWakeUp, scope)
    let ran = 0
    const task = Effect.sync(() => void ran++)
    for (let n = 0; n < 10; n++) yield* loop.post(task)
    yield* Scope.close(scope, Exit.void)
    yield* equals(ran, 10, "tasks that ran")
    yield* failsWith("Closed", loop.post(task))
    yield* failsWith("Closed", loop.post(task, { key: "a key" }))
    for (const refused of [loop.postUnsafe(task), wakeUp.wakeUnsafe()]) {
      yield* isRefused("Closed", refused)
    }
    yield* failsWith("Closed", wakeUp.wake)
    yield* failsWith("Closed", Effect.scoped(loop.openTimer("1 second")))
    yield* failsWith("Closed", Effect.scoped(loop.openWakeUp))
    yield* failsWith("Closed", Effect.scoped(loop.hook("check", () => {})))
    yield* settle
    yield* equals(ran, 10, "tasks that ran")
  }),

  law(
    "POST-01",
    "a posted task runs and sleeps by the loop's own scheduler and clock",
    function* () {
      const loop = yield* EventLoop.EventLoop
      const { clock, scheduler } = yield* Backend.Backend
      const seen = yield* Deferred.make<readonly [Scheduler.Scheduler, Clock.Clock]>()
      const look = Effect.withFiber<void>((fiber) =>
        Deferred.succeed(seen, [fiber.getRef(Scheduler.Scheduler), fiber.getRef(Clock.Clock)])
      )
      yield* loop.post(look)
      const [scheduledBy, sleepsBy] = yield* Deferred.await(seen)
      yield* isTrue(scheduledBy === scheduler, "It should run by the backend's scheduler")
      yield* isTrue(sleepsBy === clock, "It should sleep by the backend's clock")
    }
  ),

  law("POST-02", "a posted task that waits delays none, and ends with its loop", function* () {
    const scope = yield* Scope.make()
    const loop = yield* openLoop(scope)
    const ran: Array<string> = []
    const note = (name: string) => Effect.sync(() => void ran.push(name))
    const waits = Effect.onInterrupt(Effect.andThen(note("begins"), Effect.never), () =>
      note("interrupted")
    )
    yield* loop.post(waits)
    yield* loop.post(note("next"))
    yield* eventually(
      "both began",
      Effect.sync(() => ran.length === 2)
    )
    yield* Scope.close(scope, Exit.void)
    yield* equalsAll(ran, ["begins", "next", "interrupted"], "what ran")
  }),

  law("POST-03", "a task that posts itself again and again starves nobody", function* () {
    const loop = yield* EventLoop.EventLoop
    let isWanted = true
    let ran = 0
    const again: Effect.Effect<void> = Effect.sync(() => {
      ran++
      if (isWanted) loop.postUnsafe(again)
    })
    yield* loop.post(again)
    yield* Effect.sleep("1 millis")
    isWanted = false
    yield* settle
    const before = ran
    yield* settle
    yield* equals(ran, before, "runs after it was to stop")
  }),

  law(
    "POST-04",
    "the queue holds 65,536 tasks and refuses the next",
    function* () {
      const loop = yield* EventLoop.EventLoop
      const { turn } = yield* Backend.Backend
      let ran = 0
      let refused: IoError.IoError | undefined
      const task = Effect.sync(() => void ran++)
      turn.later(() => {
        for (let n = 0; n < tasksMax; n++) refused ??= loop.postUnsafe(task)
        if (refused === undefined) refused = loop.postUnsafe(task)
        else ran = Number.NaN
      })
      yield* eventually(
        "all of them ran",
        Effect.sync(() => ran === tasksMax || Number.isNaN(ran))
      )
      yield* equals(ran, tasksMax, "tasks that ran")
      yield* isRefused("ResourceExhausted", refused)
      yield* loop.post(task)
    },
    { longerThan: "65,536 tasks are posted and run" }
  ),

  law("POST-05", "a posted task that dies is logged and costs no other", function* () {
    const levels: Array<string> = []
    const scope = yield* Effect.scope
    const loop = yield* recordingLogs(levels)(openLoop(scope))
    let ran = 0
    for (const task of [Effect.void, Effect.die("a defect"), Effect.void]) {
      yield* loop.post(
        Effect.andThen(
          task,
          Effect.sync(() => void ran++)
        )
      )
    }
    yield* eventually(
      "the others ran",
      Effect.sync(() => ran === 2)
    )
    yield* eventually(
      "it was logged",
      Effect.sync(() => levels.length > 0)
    )
    yield* equalsAll(levels, ["Error"], "levels logged")
    yield* loop.post(Effect.sync(() => void ran++))
    yield* eventually(
      "the loop goes on",
      Effect.sync(() => ran === 3)
    )
  })
])
