/** `pnpm bench <suite> [--json] [--rounds n] [--seconds s] [--case c] [--contestant c]` */
import { Command, Flag } from "effect/cli"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Runner from "../Runner.ts"
import type { Suite } from "../Suite.ts"
import * as Table from "../Table.ts"
import * as Settings from "./Settings.ts"

/** Those that were asked for by name, or all. */
const chosen = <A extends { readonly name: string }>(
  items: ReadonlyArray<A>,
  names: ReadonlyArray<string>
): ReadonlyArray<A> => (names.length === 0 ? items : items.filter((it) => names.includes(it.name)))

const several = (name: string, items: ReadonlyArray<{ readonly name: string }>) =>
  Flag.Literals(
    name,
    items.map((it) => it.name)
  ).pipe(Flag.atLeast(0), Flag.withDescription(`Only this ${name}; may be given several times`))

const wordsOf = (option: string, names: ReadonlyArray<string>) =>
  names.flatMap((name) => [`--${option}`, name])

export const suiteCommand = (suite: Suite) =>
  Command.make(
    suite.name,
    {
      json: Settings.json,
      rounds: Settings.rounds,
      seconds: Settings.seconds,
      cases: several("case", suite.cases),
      contestants: several("contestant", suite.contestants)
    },
    ({ cases, contestants, json, rounds, seconds }) =>
      Effect.gen(function* () {
        const selected: Suite = {
          ...suite,
          cases: chosen(suite.cases, cases),
          contestants: chosen(suite.contestants, contestants)
        }
        const command = Settings.command(
          suite.name,
          "--rounds",
          rounds,
          "--seconds",
          seconds,
          ...wordsOf("case", cases),
          ...wordsOf("contestant", contestants)
        )
        const report = yield* Runner.run(selected, { rounds, seconds, command })
        yield* Console.log(json ? JSON.stringify(report, null, 2) : Table.render(report))
      })
  ).pipe(Command.withDescription(suite.summary))
