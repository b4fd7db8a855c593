/**
 * A case without a load: the program measures itself and tells.
 *
 * That it does not answer is a result too, told in a note: some schedulers lose a long chain of
 * wake-ups, and a process may end or hang with it. A program that cannot even start fails the run.
 */
import * as Effect from "effect/Effect"
import * as Subject from "../Subject.ts"
import type { Case, Turn } from "../Suite.ts"
import { type Outcome, type Task, warmSeconds } from "./Task.ts"

type Solo = Pick<Task, "program" | "size"> & Partial<Pick<Task, "warmSeconds">>

/** Beyond the timed window: ten times what the slowest program needed. */
const answerSecondsMax = 15

/** What happened, and the line of its standard error that names the error. */
const brief = (name: string, message: string): string => {
  const [problem = "", ...errors] = message.split("\n")
  const named = errors.find((line) => /error|abort|overflow|waits/i.test(line)) ?? errors[0]
  const told = problem.replace(`${name} `, "")
  return named === undefined ? told : `${told}: ${named.trim().split(". ", 1)[0]}`
}

const measure = (turn: Turn, what: Solo): ReturnType<Case["measure"]> =>
  Effect.gen(function* () {
    const task: Task = { warmSeconds, ...what, seconds: turn.seconds }
    const subject = yield* Subject.spawn(turn, JSON.stringify(task))
    yield* subject.hear("ready", "15 seconds")
    return yield* subject.hear("done", `${turn.seconds + answerSecondsMax} seconds`).pipe(
      Effect.map((text): Outcome => JSON.parse(text)),
      Effect.catchTag("Failure", ({ message }) =>
        Effect.succeed({ note: brief(turn.contestant.name, message) })
      )
    )
  })

export const soloCase = (name: string, summary: string, what: Solo): Case => ({
  name,
  summary,
  measure: (turn) => measure(turn, what)
})
