/** A test that runs a scenario in many worlds. */
import { dirname, relative, resolve } from "node:path"
import { Explore } from "@portico/sim"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { test, type TestContext } from "vitest"
import { readCorpus, readReplay, type Recorded, writePage, writeReplay } from "./Corpus.ts"
import { circumstances } from "./circumstances.ts"
import { foundMessage, type Place, recordedMessage } from "./Message.ts"
import { readSettings } from "./Settings.ts"
import { ProgressLine } from "./ProgressLine.ts"
import type { SimTestOptions } from "./SimTestOptions.ts"
import { vacuity } from "./vacuity.ts"

export interface Sim {
  /**
   * A test that passes if `scenario` succeeds in every world it is run in: first in those in which
   * it failed before (the corpus), then in new ones, `runs` of them (200) or until `budget` is over
   * (5 s). It fails as well when the exploration tried nothing (see `SimTestOptions.vacuous`), and
   * when a run cannot be repeated.
   *
   * A failure is shrunk, written to the corpus, and told with the command that repeats it. What
   * the environment may ask for is listed in `Settings`.
   */
  readonly test: (name: string, scenario: Explore.Scenario, options?: SimTestOptions) => void
}

const runsDefault = 200
const budgetDefault = "5 seconds"
/** Beside the budget: shrinking, and the last run. */
const timeoutMillis = 60_000

export const sim: Sim = {
  test: (name, scenario, options = {}) => {
    const settings = readSettings(process.env)
    const { budget = options.budget ?? budgetDefault } = settings.explore
    const explore = { ...options, ...settings.explore, budget }
    const timeout = Duration.toMillis(budget) + timeoutMillis
    // oxlint-disable-next-line vitest/valid-title -- the title is the caller's
    test(name, { timeout }, async (context) => {
      const place = placeOf(context)
      if (settings.replay !== undefined) {
        const recorded = readReplay(settings.replay)
        if (recorded.replay.name !== place.name) return context.skip()
        return inMacrotask(() => rerun(scenario, recorded, explore, place))
      }
      const folder = folderOf(context, options)
      if (folder !== undefined) {
        for (const recorded of readCorpus(folder, place.name)) {
          await inMacrotask(() => rerun(scenario, recorded, explore, place))
        }
      }
      const report = await run(scenario, explore, context.signal)
      return inMacrotask(() => judge(scenario, report, { ...options, ...explore, folder, place }))
    })
  }
}

// Within a microtask Node drains no others, and then no promise settles in a run.
const inMacrotask = (task: () => void): Promise<void> =>
  new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(task())
      } catch (error) {
        reject(error)
      }
    })
  })

const run = (
  scenario: Explore.Scenario,
  options: Explore.ExploreOptions,
  signal: AbortSignal
): Promise<Explore.Report> => {
  const { runs = runsDefault } = options
  const line = new ProgressLine(process.stderr, runs, () => performance.now())
  const exploration = Explore.explore(scenario, { ...options, runs, onRun: (at) => line.tell(at) })
  return Effect.runPromise(exploration, { signal }).finally(() => line.end())
}

interface Judging extends SimTestOptions {
  readonly folder: string | undefined
  readonly place: Place
}

const judge = (scenario: Explore.Scenario, report: Explore.Report, judging: Judging): void => {
  const { folder, place } = judging
  const found = report.found[0]
  if (found === undefined) {
    const missing = vacuity(report, judging)
    if (missing.length > 0) throw failure(missing.join("\n"))
    return
  }
  const isStable = found.failure.reason !== "unstable"
  const minimum = isStable ? Explore.shrink(scenario, found, judging) : undefined
  const context = circumstances()
  const replay = { ...Explore.toReplay(place.name, found, minimum), context }
  const path = folder === undefined || !isStable ? undefined : writeReplay(folder, replay)
  const story = minimum?.message ?? found.failure.message
  const page = writePage(path, minimum?.events ?? [], { title: titleOf(place, replay.seed), story })
  throw failure(foundMessage(place, found, minimum, shown(path), shown(page)))
}

const rerun = (
  scenario: Explore.Scenario,
  { path, replay }: Recorded,
  options: Explore.ExploreOptions,
  place: Place
): void => {
  const again = Explore.replay(scenario, replay, options)
  if (again.failure === undefined) return
  const { message: story } = again.failure
  const page = writePage(path, again.events, { title: titleOf(place, replay.seed), story })
  throw failure(recordedMessage(place, { path: shown(path)!, replay }, again, shown(page)))
}

const titleOf = ({ name }: Place, seed: number) => `${name}, seed ${seed}`

const shown = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : relative(process.cwd(), path)

// Its stack would show this file, which is not where the bug is.
const failure = (message: string): Error => {
  const error = new Error(message)
  error.name = "SimulationFailed"
  error.stack = `${error.name}: ${message}`
  return error
}

const folderOf = ({ task }: TestContext, { corpus = ".sim" }: SimTestOptions): string | undefined =>
  corpus === false ? undefined : resolve(dirname(task.file.filepath), corpus)

const placeOf = ({ task }: TestContext): Place => {
  const names = [task.name]
  for (let suite = task.suite; suite !== undefined; suite = suite.suite) names.unshift(suite.name)
  return { name: names.join(" "), file: relative(process.cwd(), task.file.filepath) }
}
