/** What the scheduler of this process does beside its work, which changes while it runs. */

export const nothing = 0
/** Lists its fibers, for the dump. */
export const listing = 1
/** Measures, too. */
export const everything = 2

export type Mode = typeof nothing | typeof listing | typeof everything

export const mode: { now: Mode; wanted: Mode } = { now: everything, wanted: everything }
