/** A case of another suite whose programs measure themselves, sampled. */
import * as Effect from "effect/Effect"
import { Failure } from "../Failure.ts"
import type { Case, Suite } from "../Suite.ts"

/** Contestants are matched by name; `aliases` are for a suite that calls one otherwise. */
export const sampledCase = (
  { cases, contestants, name: suiteName }: Suite,
  name: string,
  aliases: { readonly [name: string]: string } = {}
): Case => {
  const one = cases.find((it) => it.name === name)
  if (one === undefined) throw new Error(`${suiteName} has no case ${name}`)
  return {
    name: `${suiteName}-${name}`,
    summary: `the case \`${name}\` of \`${suiteName}\``,
    measure: (turn) => {
      const wanted = aliases[turn.contestant.name] ?? turn.contestant.name
      const contestant = contestants.find((it) => it.name === wanted)
      return contestant === undefined
        ? Effect.fail(new Failure({ message: `${suiteName} has no contestant ${wanted}` }))
        : one.measure({ ...turn, contestant, isSampled: true })
    }
  }
}
