/**
 * The simulated world, as a program in it may see and arrange it. Only programs that are tests of
 * the simulator, or that need a file to be there, have a use for it.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** How far a run has come. Equal seeds give equal progress, on Node and on Bun. */
export interface Progress {
  /** Virtual nanoseconds since the world began. */
  readonly nanos: number
  /** Tasks run so far. */
  readonly steps: number
  /** Stands for every step so far: its time, and what ran. 0 to 2^32 - 1. */
  readonly hash: number
}

export class Sim extends Context.Service<
  Sim,
  {
    readonly progress: Effect.Effect<Progress>
    /** A folder at `path`, and those above it. Folders of one level, as `/tmp`, exist already. */
    readonly createFolder: (path: string) => Effect.Effect<void>
    /** A plain file at `path`, instead of whatever was there. */
    readonly createFile: (path: string) => Effect.Effect<void>
    /** A socket file at `path` that nobody listens on, as a killed process leaves behind. */
    readonly createStaleSocket: (path: string) => Effect.Effect<void>
    /** Whether a plain file or a socket file is at `path`. */
    readonly exists: (path: string) => Effect.Effect<boolean>
    /** Removes the plain file or socket file at `path`. None there is success. */
    readonly remove: (path: string) => Effect.Effect<void>
    /** The permission bits of the socket file at `path`, undefined if there is none. */
    readonly socketMode: (path: string) => Effect.Effect<number | undefined>
  }
>()("@portico/sim/Sim") {}
