/** The turn of one program: batches of operations, a warm-up, then a window of time. */
import type { Measurements } from "../../Metric.ts"
import { tell } from "../../scheduler/programs/tell.ts"
import { beginSamples, endSamples, withProfile } from "../../servers/Sampled.ts"
import type { Told } from "../FilesCase.ts"
import { largeBytes, smallFiles } from "../FilesData.ts"

export const pageBytes = 4_096
export const partBytes = 256 * 1024
const pages = largeBytes / pageBytes

/** Reads in one batch of random ones. */
const batchReads = 2_000

/** The same places for every contestant: a linear congruence with a full period. */
export class Places {
  private state = 1
  private left: number

  constructor(count: number) {
    this.left = count
  }

  /** Where to read next, or -1 at the end. */
  next(): number {
    if (this.left-- <= 0) return -1
    this.state = (this.state * 1_664_525 + 1_013_904_223) % pages
    return this.state * pageBytes
  }
}

/** Each gives how many operations it did. */
export interface Batches {
  readonly random: (places: Places) => Promise<void>
  readonly sequential: () => Promise<number>
  /** Reads every path that `next` gives. */
  readonly small: (next: () => string | undefined) => Promise<void>
  readonly walk: () => Promise<number>
}

const expect = (actual: number, expected: number, what: string): number => {
  if (actual === expected) return actual
  throw new Error(`Expected ${expected} ${what}: ${actual}`)
}

/** 10,000 files and 600 folders. */
const entries = 10_600

const batchOf = (told: Told, batches: Batches) => async (): Promise<number> => {
  if (told.work === "random") {
    await batches.random(new Places(batchReads))
    return batchReads
  }
  if (told.work === "sequential") {
    return expect(await batches.sequential(), largeBytes / partBytes, "reads")
  }
  if (told.work === "walk") return expect(await batches.walk(), entries, "entries")
  let index = 0
  await batches.small(() => (index === smallFiles ? undefined : `${told.small}/${index++}`))
  return smallFiles
}

/** Operations that are measured at most: another round says more than a longer window. */
const operationsOf: { readonly [work in Told["work"]]: number } = {
  random: 30_000,
  sequential: 2 * (largeBytes / partBytes),
  small: 2 * smallFiles,
  walk: 3 * entries
}

/**
 * Until the compilers are done, which are counted otherwise: three times as many operations, or as
 * many as there is time for. After a window's worth, a program of fibers on Bun still took 15 µs of
 * user time for a small file that takes 6 later.
 */
const warmFactor = 3
const warmSeconds = 2

/** At least one batch each for the warm-up and the window. */
export const play = async (told: Told, batches: Batches): Promise<void> => {
  tell("ready", "")
  const batch = batchOf(told, batches)
  const until = async (seconds: number, operationsMax: number) => {
    const start = performance.now()
    let operations = 0
    do operations += await batch()
    while (operations < operationsMax && performance.now() - start < seconds * 1_000)
    return operations
  }
  const operationsMax = operationsOf[told.work]
  await until(warmSeconds, warmFactor * operationsMax)
  beginSamples()
  const before = process.cpuUsage()
  const start = performance.now()
  const operations = await until(told.seconds, operationsMax)
  const { system, user } = process.cpuUsage(before)
  const seconds = (performance.now() - start) / 1_000
  endSamples()
  const cpuPerOp = (user + system) / operations
  const measured: Measurements = {
    cpu_per_op: cpuPerOp,
    cpu_user_per_op: user / operations,
    cpu_system_per_op: system / operations,
    ops_per_second: operations / seconds
  }
  tell("done", JSON.stringify(await withProfile(measured, cpuPerOp)))
}

export const told = (): Told => JSON.parse(process.argv[2]!) as Told
