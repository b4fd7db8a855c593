import * as CancelFlag from "@portico/core/CancelFlag"
import * as LoopCall from "@portico/core/LoopCall"

/** What a task asks the loop: the type is all that both sides share. */
export const known = LoopCall.make<[number: number], ReadonlyArray<number>>("known")

/** Numbers with their factors, one by one, until somebody has had enough. */
export function* factorsFrom(first: number): Generator<readonly [number, ReadonlyArray<number>]> {
  for (let number = first; !CancelFlag.isCancelled(); number++) yield [number, factors(number)]
}

const factors = (number: number): ReadonlyArray<number> => {
  for (let one = 2; one * one <= number; one++) {
    if (number % one === 0) return [one, ...factors(number / one)]
  }
  return number > 1 ? [number] : []
}

/** Asks before it computes. It blocks its thread, not the loop. */
export const factorsOf = (number: number): ReadonlyArray<number> => {
  const told = LoopCall.ask(known, number)
  return told.length > 0 ? told : factors(number)
}

/** Stands for native code with a fault. */
export const fault = (): boolean => process.kill(process.pid, "SIGSEGV")
