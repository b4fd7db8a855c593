/** What samples and CPU time tell together. */
import type { Profile } from "./Profile.ts"

/**
 * The cost of an operation in the parts that the samples show. Samples tell by the clock: where
 * another process had the core they add up to more than the CPU time; only shares are used then.
 */
export const split = ({ busy, ...owned }: Profile, cpuMicros: number, cpuPerOp: number) => {
  const all = Math.max(busy, cpuMicros)
  const part = (micros: number) => (micros / all) * cpuPerOp
  const seen = Object.values(owned).reduce((sum, micros) => sum + part(micros), 0)
  return {
    profile_portico: part(owned.portico),
    profile_effect: part(owned.effect),
    profile_program: part(owned.program),
    profile_host: part(owned.host),
    profile_collector: part(owned.collector),
    profile_rest: Math.max(0, cpuPerOp - seen)
  }
}
