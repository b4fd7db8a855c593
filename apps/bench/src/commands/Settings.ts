/** The options that one suite and all of them share. */
import { Flag } from "effect/cli"

const positive = (value: number) => value > 0

export const rounds = Flag.Int("rounds").pipe(
  Flag.filter(positive, (value) => `Expected a positive number of rounds, got ${value}`),
  Flag.withDefault(5),
  Flag.withDescription("Turns of each contestant in each case")
)

export const seconds = Flag.Finite("seconds").pipe(
  Flag.filter(positive, (value) => `Expected a positive number of seconds, got ${value}`),
  Flag.withDefault(1),
  Flag.withDescription("Length of the timed window of a turn")
)

export const json = Flag.Boolean("json").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Print the report as JSON and nothing else on standard output")
)

/** What was typed, as far as it decides what is measured. */
export const command = (...words: ReadonlyArray<string | number>): string =>
  ["pnpm bench", ...words].join(" ")
