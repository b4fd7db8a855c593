/**
 * What the simulator is worth, on one core: `node -C source test/canaries/main.ts`, or
 * `pnpm canaries`.
 *
 * - `--starts N`: looks for each bug from N seeds on, 1, 10,001 and so on (default 5), and prints
 *   the seeds that it took beside its budget, and the CPU seconds of all bugs. Exits with 1 if one
 *   was not found within its budget from seed 1 on.
 * - `--shrink N`: shrinks the first failure of each bug from N such seeds on instead, and prints
 *   how many decisions of it were not the mildest, how many are left, and in how many runs. Exits
 *   with 1 if more than 20 and more than a tenth are left, or it took more than 500 runs.
 * - `--twins N`: runs N seeds of each fixed twin instead. Exits with 1 if one of them fails.
 *   `--minutes M` bounds all of them (default 60).
 * - `--only TEXT`: those whose name contains it.
 */
import { parseArgs } from "node:util"
import { canaries, twins } from "./canaries.ts"
import { cpuSeconds, find, runTwin, shrinkFirst, type Shrinking } from "./measure.ts"

const { values } = parseArgs({
  options: {
    starts: { type: "string", default: "5" },
    shrink: { type: "string" },
    twins: { type: "string" },
    minutes: { type: "string", default: "60" },
    only: { type: "string", default: "" }
  }
})

const toCount = (name: string, text: string): number => {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count >= 1) return count
  throw new RangeError(`--${name} must be an integer of at least 1: ${text}`)
}

const isMeant = ({ name }: { readonly name: string }): boolean => name.includes(values.only)

const seedsPerStart = 10_000

const findAll = (starts: number): void => {
  const totals = Array.from({ length: starts }, () => 0)
  for (const canary of canaries.filter(isMeant)) {
    const taken = totals.map((_, start) => {
      const { cpuSeconds, seeds } = find(canary, 1 + start * seedsPerStart)
      totals[start]! += cpuSeconds
      return seeds
    })
    if (taken[0] === undefined) process.exitCode = 1
    const figures = taken.map((seeds) => `${seeds ?? "not found"}`.padStart(5)).join(" ")
    console.log(`${canary.name.padEnd(24)} budget ${`${canary.seeds}`.padStart(5)}: ${figures}`)
  }
  const figures = totals.map((total) => total.toFixed(1)).join(", ")
  console.log(`CPU seconds of all, from each start: ${figures}`)
}

const decisionsMax = 20
const partMax = 0.1
const runsMax = 500

const isShort = ({ after, before, runs }: Shrinking): boolean =>
  (after <= decisionsMax || after <= before * partMax) && runs <= runsMax

const shrinkAll = (starts: number): void => {
  for (const canary of canaries.filter(isMeant)) {
    for (let start = 0; start < starts; start++) {
      const shrunk = shrinkFirst(canary, 1 + start * seedsPerStart)
      if (shrunk === undefined) continue
      const { after, before, runs, seed } = shrunk
      if (!isShort(shrunk)) process.exitCode = 1
      const figures = `${before} decisions to ${after} in ${runs} runs`
      console.log(`${canary.name.padEnd(24)} seed ${`${seed}`.padStart(5)}: ${figures}`)
    }
  }
}

const progressEveryMillis = process.stdout.isTTY ? 1_000 : 60_000
const clearLine = process.stdout.isTTY ? "\r\u001b[K" : ""

const runTwins = async (runs: number, minutes: number): Promise<void> => {
  const end = Date.now() + minutes * 60_000
  for (const twin of twins.filter(isMeant)) {
    const before = cpuSeconds()
    let told = Date.now()
    const report = await runTwin(twin, {
      runs,
      seconds: Math.max(0, (end - Date.now()) / 1000),
      onRun: (report) => {
        if (Date.now() - told < progressEveryMillis) return
        told = Date.now()
        const line = `${twin.name}: ${report.runs} of ${runs}, ${report.found.length} failed`
        process.stdout.write(`${clearLine}${line}${clearLine === "" ? "\n" : ""}`)
      }
    })
    const failed = report.found.map(({ failure, seed }) => `seed ${seed}: ${failure.message}`)
    if (failed.length > 0) process.exitCode = 1
    const seconds = (cpuSeconds() - before).toFixed(1)
    const counts = `${report.runs} of ${runs} seeds, ${failed.length} failed`
    const rest = `${report.distinct} distinct, ${report.faults} faults, ${seconds} CPU seconds`
    console.log([`${clearLine}${twin.name}: ${counts}; ${rest}`, ...failed].join("\n"))
  }
}

if (values.shrink !== undefined) shrinkAll(toCount("shrink", values.shrink))
else if (values.twins === undefined) findAll(toCount("starts", values.starts))
else await runTwins(toCount("twins", values.twins), toCount("minutes", values.minutes))
