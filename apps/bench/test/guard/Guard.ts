/**
 * The bounds that a gross regression of the hot path exceeds, and nothing else does. They lie half
 * way to the least that doing more could cost: a machine so busy that the kernel interrupts the
 * process in the middle of some messages adds a task to these, not to every second one.
 */
import type { Counts } from "./Counts.ts"

export const bounds: Counts = {
  callbacks: 1.5,
  tasks: 0.5,
  turns: 0.5,
  // Measured 4,200 to 7,400 as compilers come in, of which 2,500 are the client's and the host's;
  // with 128 objects more it is above 18,000.
  heapBytes: 12_000
}

/** The counts that exceed their bound. */
export const exceeded = (
  counts: Counts,
  held: ReadonlyArray<keyof Counts>
): ReadonlyArray<keyof Counts> => held.filter((count) => counts[count] > bounds[count])
