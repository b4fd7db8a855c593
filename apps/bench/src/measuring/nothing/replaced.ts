/** The modules with which the scheduler measures, each with what stands in for it. */
const core = "/packages/core/src/"

export type StandIns = ReadonlyArray<readonly [module: string, standIn: URL]>

/** A scheduler that lists its fibers, for the dump, and measures nothing. */
export const listing: StandIns = [
  [`${core}internal/loop/StepWatch.ts`, new URL("StepWatch.ts", import.meta.url)],
  [`${core}LoopHistogram.ts`, new URL("LoopHistogram.ts", import.meta.url)]
]

/** One that does neither. */
export const nothing: StandIns = [
  ...listing,
  [`${core}internal/loop/LiveFibers.ts`, new URL("LiveFibers.ts", import.meta.url)]
]

/** What stands in for the module at this address or path; undefined for all others. */
export const standInFor = (standIns: StandIns, module: string): URL | undefined =>
  standIns.find(([end]) => module.endsWith(end))?.[1]
