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
import { type Observation, observe } from "./observe.ts"
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
  Effect.gen(() => build(table))

// No closure, and a class below: V8 makes a hidden class in old space for each generator function
// that is called and for each getter in an object literal, which keeps what they close over until a
// major collection. A simulator builds this ten thousand times a second.
function* build(table: HandleTable) {
  const { scheduler, turn } = table.ports
  const observation = yield* observe(scheduler)
  const posts = new PostQueue(turn, Effect.runForkWith(yield* Effect.context<never>()))
  yield* Effect.addFinalizer(() => posts.shutDown)
  return new LoopService(table, posts, observation)
}

class LoopService implements Service {
  private readonly table: HandleTable
  private readonly posts: PostQueue
  private readonly observation: Observation

  constructor(table: HandleTable, posts: PostQueue, observation: Observation) {
    this.table = table
    this.posts = posts
    this.observation = observation
  }

  private operationsNow() {
    return pendingOperations(this.table, this.table.ports)
  }

  private fibersNow() {
    const { loop, scheduler } = this.table.ports
    return fiberReports(scheduler.fibers(), this.operationsNow(), loop.nowMillis())
  }

  readonly handles = Effect.sync(() => this.table.list())
  readonly operations = Effect.sync(() => this.operationsNow())
  readonly fibers = Effect.sync(() => this.fibersNow())
  readonly keptAliveBy = Effect.sync(() => keptAliveBy(this.table, this.posts))
  readonly snapshot = Effect.sync(() => this.table.ports.scheduler.snapshot())
  readonly now = Effect.sync(() => this.table.ports.scheduler.turnMillis)
  readonly refresh = Effect.sync(() => this.table.ports.scheduler.refreshTime())
  readonly nowNanos = Effect.sync(() => this.table.ports.loop.nowNanos())

  readonly isAlive = Effect.sync(() => {
    const { posts, table } = this
    const { clock, scheduler } = table.ports
    return (
      table.isAlive() ||
      clock.sleeps().length > 0 ||
      posts.length > 0 ||
      scheduler.snapshot().queueLength > 0
    )
  })

  readonly dump = Effect.sync(() =>
    LoopDump.format({
      keptAliveBy: keptAliveBy(this.table, this.posts),
      handles: this.table.list(),
      fibers: this.fibersNow(),
      snapshot: this.table.ports.scheduler.snapshot()
    })
  )

  readonly openTimer: Service["openTimer"] = (duration) => openTimer(this.table, duration)

  // A getter, so that the caller's line is on the stack.
  get openWakeUp() {
    const { table } = this
    return opening(table, "EventLoop.openWakeUp", (site) =>
      Effect.sync(() => new WakeUpHandle(table, site))
    )
  }

  readonly post: Service["post"] = (task, options) =>
    Effect.suspend(() => {
      const refused = this.posts.post(task, options)
      return refused === undefined ? Effect.void : Effect.fail(refused)
    })

  readonly postUnsafe: Service["postUnsafe"] = (task, options) => this.posts.post(task, options)

  readonly hook: Service["hook"] = (phase, callback) => hook(this.table, phase, callback)

  get blames() {
    return this.observation.stream
  }
}
