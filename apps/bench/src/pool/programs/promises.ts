/** The turn of a contestant whose tasks are promises. */
import { tell } from "../../scheduler/programs/tell.ts"
import type { Told } from "../PoolCase.ts"
import { burnMillis, megabyte, TaskMeter } from "./TaskMeter.ts"

export interface PromisedTasks {
  readonly increment: (number: number) => Promise<number>
  /** Gives the bytes back, moved both ways. */
  readonly move: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>
  readonly burn: (millis: number) => Promise<number>
}

export const run = async (tasks: PromisedTasks): Promise<never> => {
  const told = JSON.parse(process.argv[2]!) as Told
  let bytes = new Uint8Array(megabyte)
  const steps = {
    tiny: (number: number) => tasks.increment(number),
    move: async () => void (bytes = await tasks.move(bytes)),
    burn: () => tasks.burn(burnMillis)
  }
  const step = steps[told.work]
  tell("ready", "")
  const meter = new TaskMeter(told)
  const loop = async () => {
    for (let number = 0; meter.goesOn(); number++) {
      const since = performance.now()
      await step(number)
      meter.count(since)
    }
  }
  await Promise.all(Array.from({ length: told.inFlight }, loop))
  tell("done", JSON.stringify(await meter.end()))
  process.exit(0)
}
