/**
 * The simulated world, as a program in it may see and arrange it. Only programs that are tests of
 * the simulator, or that need a file to be there, have a use for it.
 */
import type { Reason } from "@portico/core/Reason"
import type { Task } from "@portico/core/Task"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { SimDisk } from "./disk/SimDisk.ts"
import type { SimTaskModel } from "./pool/SimTask.ts"

/** How far a run has come. Equal seeds give equal progress, on Node and on Bun. */
export interface Progress {
  /** Virtual nanoseconds since the world began. */
  readonly nanos: number
  /** Tasks run so far. */
  readonly steps: number
  /** Stands for every step so far: its time, and what ran. 0 to 2^32 - 1. */
  readonly hash: number
}

/** How the simulated system answers a lookup of one name. */
export interface SimHost {
  /** IP literals, in the order of the answer. None of a family is `NoData` for that family. */
  readonly addresses?: ReadonlyArray<string> | undefined
  /** Fail with this instead. */
  readonly failure?: Reason | undefined
  /** Virtual time until the answer comes; infinite for never. Default: none. */
  readonly delay?: Duration.Input | undefined
}

export class Sim extends Context.Service<
  Sim,
  {
    readonly progress: Effect.Effect<Progress>
    /** The disk of the host that the program runs on. */
    readonly disk: SimDisk
    /** What `Resolver.lookup` finds at `name`; unknown names are `NameNotFound`. */
    readonly setHost: (name: string, host: SimHost) => Effect.Effect<void>
    /** The system's name servers, as `ResolverOptions.servers`. At first 127.0.0.1. */
    readonly setNameServers: (servers: ReadonlyArray<string>) => Effect.Effect<void>
    /** The text of the system's hosts file (hosts(5)). At first, `localhost` alone. */
    readonly setHostsFile: (text: string) => Effect.Effect<void>
    /**
     * What a task of a lane does here: a model in virtual time instead of the function. One without
     * a model fails as `TaskNotFound`.
     */
    readonly setTask: <Args extends ReadonlyArray<unknown>, Result>(
      task: Task<Args, Result>,
      model: SimTaskModel<Args, Result>
    ) => Effect.Effect<void>
    /** Of a thousand tasks from now on, so many crash their thread, as the seed has it: 0–1,000. */
    readonly setTaskCrashes: (perMille: number) => Effect.Effect<void>
    /** A folder at `path`, and those above it. `/home`, `/run` and `/tmp` exist already. */
    readonly createFolder: (path: string) => Effect.Effect<void>
    /** An empty file at `path` instead of the file or socket there, and the folders above it. */
    readonly createFile: (path: string) => Effect.Effect<void>
    /** A socket file at `path` that nobody listens on, as a killed process leaves behind. */
    readonly createStaleSocket: (path: string) => Effect.Effect<void>
    /** Whether anything is at `path`. */
    readonly exists: (path: string) => Effect.Effect<boolean>
    /** Removes the plain file or socket file at `path`. None there is success. */
    readonly remove: (path: string) => Effect.Effect<void>
    /** The permission bits of the socket file at `path`, undefined if there is none. */
    readonly socketMode: (path: string) => Effect.Effect<number | undefined>
  }
>()("@portico/sim/Sim") {}
