/** The modules with which the scheduler measures, each with what stands in for it. */
const core = "/packages/core/src/"

const standIns: ReadonlyArray<readonly [module: string, standIn: URL]> = [
  [`${core}internal/loop/LiveFibers.ts`, new URL("LiveFibers.ts", import.meta.url)],
  [`${core}internal/loop/StepWatch.ts`, new URL("StepWatch.ts", import.meta.url)],
  [`${core}LoopHistogram.ts`, new URL("LoopHistogram.ts", import.meta.url)]
]

/** What stands in for the module at this address or path; undefined for all others. */
export const standInFor = (module: string): URL | undefined =>
  standIns.find(([end]) => module.endsWith(end))?.[1]
