/** Loops that do not know what goes on in them. */
import type { FiberReport, LoopScheduler, LoopSnapshot, PendingOperation } from "@portico/core"
import * as Effect from "effect/Effect"
import { coreMutant, type Mutant, overriding } from "./Mutant.ts"

type Pending = PendingOperation.PendingOperation
type Known = LoopScheduler.KnownFiber

/** A mutant whose scheduler lists its fibers in another way. */
const fibersMutant = (
  name: string,
  caughtBy: string,
  makeChange: () => (known: ReadonlyArray<Known>) => ReadonlyArray<Known>
): Mutant => ({
  name,
  caughtBy,
  change: (ports) => {
    const change = makeChange()
    const fibers = () => change(ports.scheduler.fibers())
    return { ...ports, scheduler: overriding(ports.scheduler, { fibers }) }
  }
})

/** A mutant whose scheduler counts in another way. */
const snapshotMutant = (
  name: string,
  caughtBy: string,
  change: (snapshot: LoopSnapshot.LoopSnapshot) => Partial<LoopSnapshot.LoopSnapshot>
): Mutant => ({
  name,
  caughtBy,
  change: (ports) => {
    const { scheduler } = ports
    const snapshot = () => {
      const taken = scheduler.snapshot()
      return { ...taken, ...change(taken) }
    }
    return { ...ports, scheduler: overriding(scheduler, { snapshot }) }
  }
})

export const dumpMutants: ReadonlyArray<Mutant> = [
  fibersMutant("keeps fibers that have ended", "FIBER-01", () => {
    const ever = new Map<number, Known>()
    return (known) => {
      for (const one of known) ever.set(one.fiber.id, one)
      return Array.from(ever.values())
    }
  }),

  fibersMutant("loses a fiber", "FIBER-04", () => (known) => known.slice(0, 1_000)),

  fibersMutant(
    "does not know who is queued",
    "FIBER-03",
    () => (known) => known.map((one) => ({ ...one, isQueued: false }))
  ),

  fibersMutant(
    "forgets when a fiber began to run",
    "FIBER-05",
    () => (known) => known.map((one) => ({ ...one, resumedAtMillis: 0 }))
  ),

  coreMutant("names no span", "FIBER-02", (loop) => ({
    fibers: Effect.map(loop.fibers, (reports) =>
      reports.map((report): FiberReport.FiberReport => ({ ...report, span: undefined }))
    )
  })),

  coreMutant("names no place", "FIBER-02", (loop) => ({
    fibers: Effect.map(loop.fibers, (reports) =>
      reports.map((report): FiberReport.FiberReport => ({ ...report, frames: [] }))
    )
  })),

  ...["OPER-01", "OPER-02"].map((caughtBy) =>
    coreMutant("keeps an operation that is over", caughtBy, (loop) => {
      const ever = new Map<number, Pending>()
      return {
        operations: Effect.map(loop.operations, (operations) => {
          for (const one of operations) ever.set(one.fiberId, one)
          return Array.from(ever.values())
        })
      }
    })
  ),

  coreMutant("lets no operation grow older", "OPER-04", (loop) => ({
    operations: Effect.map(loop.operations, (operations) =>
      operations.map((one): Pending => ({ ...one, ageMillis: 0 }))
    )
  })),

  coreMutant("takes every operation for ref'd", "OPER-05", (loop) => ({
    operations: Effect.map(loop.operations, (operations) =>
      operations.map((one): Pending => ({ ...one, isRef: true }))
    )
  })),

  coreMutant("does not list timers", "HANDLE-08", (loop) => ({
    handles: Effect.map(loop.handles, (handles) => handles.filter(({ kind }) => kind !== "Timer"))
  })),

  {
    name: "does not know who sleeps",
    caughtBy: "OPER-01",
    change: (ports) => ({ ...ports, clock: overriding(ports.clock, { sleeps: () => [] }) })
  },

  coreMutant("says nothing of what it opens", "OPER-03", (loop) => ({
    operations: Effect.map(loop.operations, (operations) =>
      operations.filter(({ address }) => address === undefined)
    )
  })),

  coreMutant("names what was unref'd as what keeps it alive", "ALIVE-05", (loop) => {
    const ever = new Set<string>()
    return {
      keptAliveBy: Effect.map(loop.keptAliveBy, (lines) => {
        for (const line of lines) ever.add(line)
        return Array.from(ever)
      })
    }
  }),

  coreMutant("does not count posted tasks", "ALIVE-04", (loop) => ({
    keptAliveBy: Effect.map(loop.keptAliveBy, (lines) =>
      lines.filter((line) => !line.includes("posted"))
    )
  })),

  coreMutant("leaves handles out of the dump", "DUMP-01", (loop) => ({
    dump: Effect.map(loop.dump, (dump) => dump.replace(/handles \([^]*?\nfibers/, "fibers"))
  })),

  snapshotMutant("counts turns down", "LOAD-01", ({ turns }) => ({ turns: -turns })),
  snapshotMutant("counts no slices", "LOAD-02", () => ({ slices: 0 })),
  snapshotMutant("counts no resumes that were put off", "LOAD-03", () => ({ putOff: 0 })),
  snapshotMutant("does not tell lanes apart", "LOAD-04", ({ queueLength }) => ({
    queue: [{ priority: 0, fresh: queueLength, spent: 0 }]
  })),
  snapshotMutant("counts fibers that it does not list", "LOAD-05", ({ fibers }) => ({
    fibers: fibers + 1
  })),

  {
    name: "measures nothing",
    caughtBy: "LOAD-06",
    change: (ports) => {
      const { scheduler } = ports
      const snapshot = () => ({ ...scheduler.snapshot(), turns: 0 })
      return { ...ports, scheduler: overriding(scheduler, { snapshot }) }
    }
  }
]
