/** Answers of `node:fs` to core, each in a turn of its own. */
import type { FileDone, TurnPort } from "@portico/core/port/index"
import { failureOf } from "../NodeErrno.ts"

type Callback<A> = (error: NodeJS.ErrnoException | null, value: A) => void

/** A callback that hands on what `convert` makes of the value. */
export const answer =
  <A, B>(turn: TurnPort, done: FileDone<B>, convert: (value: A) => B): Callback<A> =>
  (error, value) => {
    turn.enter()
    try {
      done(error === null ? convert(value) : failureOf(error))
    } finally {
      turn.leave()
    }
  }

/** A callback that only says whether it was done. */
export const acknowledge =
  (turn: TurnPort, done: FileDone<void>) =>
  (error: NodeJS.ErrnoException | null | undefined): void => {
    turn.enter()
    try {
      done(error === null || error === undefined ? undefined : failureOf(error))
    } finally {
      turn.leave()
    }
  }
