/**
 * A port's events, each as a turn.
 *
 * What comes with every message spells the bracket out instead: a closure for each is garbage.
 */
import type { TurnPort } from "./TurnPort.ts"

/**
 * Raises `event` now. Throws what it throws, after the turn has ended all the same: within one that
 * never ended nobody's writes would leave any more.
 */
export const raise = (turn: TurnPort, event: () => void): void => {
  turn.enter()
  try {
    event()
  } finally {
    turn.leave()
  }
}

/** Raises `event` in a later callback of the host: for what a call must not raise itself. */
export const raiseLater = (turn: TurnPort, event: () => void): void =>
  turn.later(() => raise(turn, event))
