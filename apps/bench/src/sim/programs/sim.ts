/** A turn of the simulator. Nothing in it is the host's, so both hosts run this file. */
import { tell } from "../../scheduler/programs/tell.ts"
import { beginSamples, endSamples, withProfile } from "../../servers/Sampled.ts"
import type { SimProgram, Told } from "../SimCase.ts"
import { rpcWorld } from "./rpcWorld.ts"
import { steps } from "./steps.ts"
import { stepsWithIo } from "./stepsWithIo.ts"
import { tinyWorld } from "./tinyWorld.ts"
import { virtualTime } from "./virtualTime.ts"

/** Does some of the work, for that seed; gives how many operations it was. */
export type Work = (seed: number) => number

const works: { readonly [name in SimProgram]: Work } = {
  steps,
  "steps-io": stepsWithIo,
  "tiny-worlds": tinyWorld,
  "rpc-worlds": rpcWorld,
  "virtual-time": virtualTime
}

const told = JSON.parse(process.argv[2]!) as Told
const work = works[told.program]
let seed = 0

/** Works for so long; gives the operations and the time. */
const workFor = (seconds: number) => {
  const start = performance.now()
  const usage = process.cpuUsage()
  let operations = 0
  let millis = 0
  while (millis < seconds * 1_000) {
    operations += work(++seed)
    millis = performance.now() - start
  }
  const { system, user } = process.cpuUsage(usage)
  return { operations, millis, cpuMicros: user + system }
}

tell("ready", "")
workFor(told.warmSeconds)
beginSamples()
const { cpuMicros, millis, operations } = workFor(told.seconds)
endSamples()
const outcome = {
  ops_per_second: (operations / millis) * 1_000,
  ops_per_cpu_second: (operations / cpuMicros) * 1e6
}
tell("done", JSON.stringify(await withProfile(outcome, cpuMicros / operations)))
