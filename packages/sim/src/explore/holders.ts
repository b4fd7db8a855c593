/**
 * Who holds what the fibers of a deadlock wait for.
 *
 * Effect does not say who has a permit, or who would complete a deferred. So the run is made again
 * for each fiber, up to its halt; there the fiber is ended, and whoever goes on waited for it.
 */
import type { AnyFiber } from "../Fibers.ts"
import type { Arena } from "./Arena.ts"
import { DecisionLog } from "./DecisionLog.ts"
import type { Decisions } from "./Decisions.ts"
import { Ending, type Inhabitant } from "./Ending.ts"
import { ExactScript } from "./Script.ts"
import { Production } from "./Strategy.ts"
import { runTrial, type Scenario, type TrialOptions } from "./Trial.ts"
import type { Failure } from "./Verdict.ts"
import { type Ended, WaitForGraph } from "./WaitForGraph.ts"

/** Fibers that are ended, and steps of all their runs: as many as shrinking takes. */
const fibersMax = 64
const stepsAllMax = 2_000_000
/** Steps in which an end has to come about. */
const stepsMax = 10_000

/** The failure, with who waits for whom if it is a deadlock. */
export const withHolders = (
  scenario: Scenario,
  options: Omit<TrialOptions, "strategy" | "log">,
  decisions: Decisions,
  failure: Failure
): Failure => {
  if (failure.reason !== "deadlock") return failure
  const experiments: Array<Ended> = []
  let names: ReadonlyArray<string> = []
  let steps = 0
  do {
    const index = experiments.length
    const onDeadlock = (arena: Arena) => {
      const inhabitants = arena.inhabitants()
      names = inhabitants.flatMap(({ name }) => name ?? [])
      if (index < names.length) experiments.push(experiment(arena, inhabitants, index))
    }
    const log = new DecisionLog(new ExactScript(decisions))
    steps += runTrial(scenario, { ...options, strategy: Production(), log, onDeadlock }).steps
    // Also when the second run was another one, and did not halt.
    if (experiments.length === index) break
  } while (experiments.length < Math.min(names.length, fibersMax) && steps < stepsAllMax)
  const shown = names.slice(0, experiments.length)
  const { lines } = new WaitForGraph(shown, experiments)
  const title = "Who waits for whom, found by ending each fiber in a run of its own:"
  const rest = names.length - shown.length
  const more = rest === 0 ? [] : [`(${rest} more fibers were not tried)`]
  return { ...failure, message: [failure.message, title, ...lines, ...more].join("\n  ") }
}

const experiment = (arena: Arena, all: ReadonlyArray<Inhabitant>, index: number): Ended => {
  // Whoever is on no host comes last, and only has to stay where it is.
  const numbers = new Map<AnyFiber, number>(all.map(({ fiber }, number) => [fiber, number]))
  const ending = new Ending(all)
  ending.end(all[index]!)
  runOn(arena)
  const freed = toNumbers(ending.woken, numbers)
  const interrupted = toNumbers(ending.ended, numbers)
  const behind = new Map<number, number>()
  for (const number of freed) behind.set(number, number)
  // A set goes on to what is added meanwhile: the whole line, one after the other.
  for (const fiber of ending.woken) {
    const number = numbers.get(fiber)!
    ending.end(all[number]!)
    runOn(arena)
    for (const next of toNumbers(ending.woken, numbers)) {
      if (!behind.has(next)) behind.set(next, number)
    }
  }
  return { freed, interrupted, behind }
}

const toNumbers = (
  fibers: ReadonlySet<AnyFiber>,
  numbers: ReadonlyMap<AnyFiber, number>
): Set<number> => new Set(Array.from(fibers, (fiber) => numbers.get(fiber)!))

// What it throws is of a program that was ended where it did not expect to be.
const runOn = (arena: Arena): void => {
  try {
    arena.run(stepsMax)
  } catch {
    // The rest of this end is lost.
  }
}
