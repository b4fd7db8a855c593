/** A program that measures itself samples its main thread too, if its last argument says so. */
import type { Measurements } from "../Metric.ts"
import { type Profile, startProfile, stopProfile } from "./Profile.ts"
import { split } from "./split.ts"

export const sampledWord = "sampled"

const isSampled = process.argv.at(-1) === sampledWord

let from: NodeJS.CpuUsage | undefined
let ended: { readonly profile: Promise<Profile>; readonly cpuMicros: number } | undefined

/** Called where the timed window begins. */
export const beginSamples = (): void => {
  if (!isSampled) return
  startProfile()
  from = process.cpuUsage()
}

/** Called where it is over. */
export const endSamples = (): void => {
  if (from === undefined || ended !== undefined) return
  const { system, user } = process.cpuUsage(from)
  ended = { profile: stopProfile(), cpuMicros: system + user }
}

/** What was measured; of a program that sampled itself only an operation's CPU time, and whose. */
export const withProfile = async (
  measured: Measurements,
  cpuPerOp: number
): Promise<Measurements> => {
  if (ended === undefined) return measured
  return { cpu_per_op: cpuPerOp, ...split(await ended.profile, ended.cpuMicros, cpuPerOp) }
}
