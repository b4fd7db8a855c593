/** Answers of `node:fs` to core, each in a turn of its own. */
import type { FileDone, TurnPort } from "@portico/core/port/index"
import { fileFailure } from "../NodeErrno.ts"

/** With a `code`, as `fileFailure` reads it. */
type HostError = object | null | undefined

export type Callback<A> = (error: HostError, value: A) => void

/** A callback that hands on what `convert` makes of the value. */
export const answer =
  <A, B>(turn: TurnPort, done: FileDone<B>, convert: (value: A) => B): Callback<A> =>
  (error, value) => {
    turn.enter()
    try {
      done(error === null || error === undefined ? convert(value) : fileFailure(error))
    } finally {
      turn.leave()
    }
  }

const nothing = (): void => {}

/** A callback that only says whether it was done. */
export const acknowledge = (
  turn: TurnPort,
  done: FileDone<void>
): ((error: HostError) => void) & Callback<void> => answer<void, void>(turn, done, nothing)

/**
 * Calls the host. What it throws for an argument that it does not take (Bun: a length of 2^52) is
 * an answer, too, and answers come later.
 */
export const ask = <A>(told: Callback<A>, call: (told: Callback<A>) => void): void => {
  try {
    call(told)
  } catch (error) {
    refuse(told, error)
  }
}

/** Hands on what the host has thrown. */
export const refuse = <A>(told: Callback<A>, error: unknown): void =>
  void setImmediate(() => told(error as object, undefined as never))
