/**
 * Waits for what no event tells: another process's descriptors, a file that goes away.
 */
import { setTimeout as sleep } from "node:timers/promises"

const periodMs = 20

/** Asks until `done` accepts the answer, and gives it. Fails with the last one after `limitMs`. */
export const until = async <A>(
  ask: () => A,
  done: (answer: A) => boolean,
  limitMs = 30_000
): Promise<A> => {
  const deadline = performance.now() + limitMs
  while (true) {
    const answer = ask()
    if (done(answer)) return answer
    if (performance.now() > deadline) {
      throw new Error(`Waited ${limitMs} ms in vain: the last answer is ${String(answer)}`)
    }
    await sleep(periodMs)
  }
}
