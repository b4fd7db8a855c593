/** What a failing test says: what failed, how to have it again, and what led to it. */
import { type Explore, type Replay, Strategy } from "@portico/sim"
import { changes, circumstances } from "./circumstances.ts"

export interface Place {
  /** Of the test, with those of its suites. */
  readonly name: string
  /** The test file, from the folder in which the tests were started. */
  readonly file: string
}

/** For a failure that was found just now, and shrunk unless it is `unstable`. */
export const foundMessage = (
  place: Place,
  found: Explore.Found,
  minimum: Explore.Minimum | undefined,
  path: string | undefined,
  page: string | undefined
): string => {
  const { failure, seed, steps } = found
  const strategy = Strategy.format(found.strategy)
  const lines = [
    minimum?.message ?? failure.message,
    "",
    `Seed ${seed}, strategy ${strategy}, ${steps} steps.`,
    path === undefined
      ? `Once more: ${command(place, `SIM_SEED=${seed} SIM_RUNS=1 SIM_STRATEGY=${strategy}`)}`
      : `Once more: ${command(place, `SIM_REPLAY=${path}`)}`,
    ...drawn(page)
  ]
  if (minimum === undefined) return lines.join("\n")
  const { decisions, deviations, runs, timeline } = minimum
  const matter = `${deviations.length} of ${decisions.length} decisions matter`
  return [...lines, `${matter} (${runs} runs to tell); with no other:`, ...timeline].join("\n")
}

/** For one that was recorded, and still fails. */
export const recordedMessage = (
  place: Place,
  { path, replay }: { readonly path: string; readonly replay: Replay.Replay },
  rerun: Explore.Rerun,
  page: string | undefined
): string =>
  [
    rerun.failure?.message ?? "",
    "",
    likeness[rerun.likeness],
    ...(rerun.likeness === "exact" ? [] : changes(replay.context, circumstances())),
    ...(rerun.divergence === undefined ? [] : [rerun.divergence]),
    `Once more: ${command(place, `SIM_REPLAY=${path}`)}`,
    ...drawn(page),
    ...rerun.timeline
  ].join("\n")

const drawn = (page: string | undefined): ReadonlyArray<string> =>
  page === undefined ? [] : [`Its diagram: ${page}`]

const likeness: { readonly [name in Explore.Likeness]: string } = {
  exact: "It was recorded earlier, and every step is as it was.",
  loose: "It was recorded earlier. The program has changed, and fails as it did then.",
  gone: "It was recorded earlier. The program has changed, and fails in another way."
}

const command = ({ file, name }: Place, settings: string): string =>
  `${settings} npx vitest run ${file} -t ${JSON.stringify(name)}`
