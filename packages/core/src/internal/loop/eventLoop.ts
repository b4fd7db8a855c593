/** `EventLoop` over a backend's ports and its table of handles. */
import type * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { EventLoop } from "../../EventLoop.ts"
import { IoError } from "../../IoError.ts"
import * as LoopDump from "../../LoopDump.ts"
import * as Phase from "../../Phase.ts"
import { Reason } from "../../Reason.ts"
import { Site } from "../../Site.ts"
import * as Check from "../Check.ts"
import { fiberReports } from "./fiberReports.ts"
import type { HandleBase } from "../HandleBase.ts"
import type { HandleTable } from "../HandleTable.ts"
import { observe } from "./observe.ts"
import { pendingOperations } from "./pendingOperations.ts"
import { PhaseHookHandle } from "./PhaseHookHandle.ts"
import { PostQueue } from "./PostQueue.ts"
import { TimerHandle } from "./TimerHandle.ts"
import { WakeUpHandle } from "./WakeUpHandle.ts"

type Service = Context.Service.Shape<typeof EventLoop>

/** Opens a handle unless the backend has shut down, and closes it with the scope. */
const opening = <H extends HandleBase>(
  table: HandleTable,
  operation: string,
  make: (site: Site) => Effect.Effect<H, IoError>
): Effect.Effect<H, IoError, Scope.Scope> => {
  const site = new Site()
  const acquire = Effect.suspend(() =>
    table.isShutDown ? Effect.fail(new IoError({ operation, reason: Reason.Closed() })) : make(site)
  )
  return Effect.acquireRelease(acquire, (handle) => handle.close)
}

const openTimer = (table: HandleTable, duration: Duration.Input) =>
  opening(table, "EventLoop.openTimer", (site) => {
    const millis = Check.millis(duration)
    return Number.isNaN(millis)
      ? Check.invalid("EventLoop.openTimer", "duration", "a duration", duration)
      : Effect.sync(() => new TimerHandle(table, millis, site))
  })

const hook = (table: HandleTable, phase: Phase.Phase, callback: () => void) =>
  opening(table, "EventLoop.hook", (site) =>
    Effect.suspend(() => {
      const { loop, name } = table.ports
      const port = loop.hookPhase(phase, callback)
      return port === undefined
        ? Check.unsupported("EventLoop.hook", Phase.capability[phase], name)
        : Effect.succeed(new PhaseHookHandle(table, phase, port, site))
    })
  )

/** A line for each thing that keeps the loop alive. */
const keptAliveBy = (table: HandleTable, posts: PostQueue): ReadonlyArray<string> => {
  const { ports } = table
  const handles = table.list().filter((handle) => handle.keepsAlive)
  const others = pendingOperations(table, ports).filter(
    ({ handle, isRef }) => handle === undefined && isRef
  )
  const queued = ports.scheduler.snapshot().queueLength
  const own = [
    ...handles.map(LoopDump.formatHandle),
    ...others.map((one) => `fiber #${one.fiberId} in ${LoopDump.formatOperation(one)}`),
    ...(queued === 0 ? [] : [`${queued} tasks in the run queue`]),
    ...(posts.length === 0 ? [] : [`${posts.length} posted tasks`])
  ]
  const foreign = ports.loop.hostResources().map((name) => `the host's own: ${name}`)
  return [...own, ...foreign]
}

export const makeEventLoop = (table: HandleTable): Effect.Effect<Service, never, Scope.Scope> =>
  Effect.gen(function* () {
    const { ports } = table
    const { clock, loop, scheduler, turn } = ports
    const blames = yield* observe(scheduler)
    const posts = new PostQueue(turn, Effect.runForkWith(yield* Effect.context<never>()))
    yield* Effect.addFinalizer(() => posts.shutDown)
    const operations = () => pendingOperations(table, ports)
    const fibers = () => fiberReports(scheduler.fibers(), operations(), loop.nowMillis())
    return {
      handles: Effect.sync(() => table.list()),
      operations: Effect.sync(operations),
      isAlive: Effect.sync(
        () =>
          table.isAlive() ||
          clock.sleeps().length > 0 ||
          posts.length > 0 ||
          scheduler.snapshot().queueLength > 0
      ),
      keptAliveBy: Effect.sync(() => keptAliveBy(table, posts)),
      fibers: Effect.sync(fibers),
      dump: Effect.sync(() =>
        LoopDump.format({
          keptAliveBy: keptAliveBy(table, posts),
          handles: table.list(),
          fibers: fibers(),
          snapshot: scheduler.snapshot()
        })
      ),
      now: Effect.sync(() => scheduler.turnMillis),
      refresh: Effect.sync(() => scheduler.refreshTime()),
      nowNanos: Effect.sync(() => loop.nowNanos()),
      openTimer: (duration) => openTimer(table, duration),
      // A getter, so that the caller's line is on the stack.
      get openWakeUp() {
        return opening(table, "EventLoop.openWakeUp", (site) =>
          Effect.sync(() => new WakeUpHandle(table, site))
        )
      },
      post: (task, options) =>
        Effect.suspend(() => {
          const refused = posts.post(task, options)
          return refused === undefined ? Effect.void : Effect.fail(refused)
        }),
      postUnsafe: (task, options) => posts.post(task, options),
      hook: (phase, callback) => hook(table, phase, callback),
      snapshot: Effect.sync(() => scheduler.snapshot()),
      blames
    } satisfies Service
  })
