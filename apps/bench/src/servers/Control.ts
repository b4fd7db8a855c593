/**
 * How the harness questions a server under test, the same for every contestant.
 *
 * CPU is asked of the process itself because `getrusage` counts all its threads in microseconds,
 * where `/proc/<pid>/stat` counts in ticks of 10 ms. Answering takes about 0.1 ms, and nothing is
 * in flight when it is asked, so the figures cover the timed messages and no others.
 */
import { createInterface } from "node:readline"
import * as Line from "../Line.ts"
import type { Usage } from "../Usage.ts"
import { startProfile, stopProfile } from "./Profile.ts"

const ownUsage = (): Usage => {
  const { system, user } = process.cpuUsage()
  const { involuntaryContextSwitches, voluntaryContextSwitches } = process.resourceUsage()
  return {
    userMicros: user,
    systemMicros: system,
    residentBytes: process.memoryUsage.rss(),
    contextSwitches: involuntaryContextSwitches + voluntaryContextSwitches,
    processes: [process.pid]
  }
}

/**
 * Says `ready`, answers until standard input ends, then exits: no server outlives its harness.
 * `usage` is this process's, or of one that this one has started to be measured in its place.
 */
export const control = (port: number, usage: () => Usage = ownUsage): void => {
  const lines = createInterface({ input: process.stdin })
  lines.on("line", (line) => {
    if (line === "collect") globalThis.gc?.()
    if (line === "profile") startProfile()
    if (line === "profiled") {
      void stopProfile().then((profile) =>
        process.stdout.write(Line.format("done", JSON.stringify(profile)))
      )
      return
    }
    process.stdout.write(Line.format("usage", JSON.stringify(usage())))
  })
  lines.on("close", () => process.exit(0))
  process.stdout.write(Line.format("ready", `${port}`))
}
