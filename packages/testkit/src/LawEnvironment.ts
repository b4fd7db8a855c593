/**
 * What laws need of the world beside the backend itself; whoever binds the laws provides it.
 */
import type { WakeUp } from "@portico/core"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { LawDisk } from "./LawDisk.ts"
import type { TaskEnvironment } from "./LawTasks.ts"

export class LawEnvironment extends Context.Service<
  LawEnvironment,
  {
    /** A path where nothing is, short enough for a Unix socket, in a folder that exists. */
    readonly temporaryPath: Effect.Effect<string>
    readonly makePlainFile: (path: string) => Effect.Effect<void>
    /** Leaves a socket file that nothing listens on, as a crashed server does. */
    readonly makeStaleSocket: (path: string) => Effect.Effect<void>
    readonly removeFile: (path: string) => Effect.Effect<void>
    readonly pathExists: (path: string) => Effect.Effect<boolean>
    /** Permission bits of a file, 0–0o777. */
    readonly fileMode: (path: string) => Effect.Effect<number>
    /** Uses up the descriptors that `accept` needs until the scope ends; none when it cannot. */
    readonly exhaustDescriptors: Option.Option<Effect.Effect<void, never, Scope.Scope>>
    /**
     * Calls `WakeUp.notify(cell)` `times` times in another thread; gives what it said each time.
     * None where the backend has no threads.
     */
    readonly notifyFromThread: Option.Option<
      (cell: WakeUp.WakeUpCell, times: number) => Effect.Effect<ReadonlyArray<boolean>>
    >
    /** What laws run in lanes; none where nobody has written it. */
    readonly tasks: Option.Option<TaskEnvironment>
    /** The disk that `Files` are on; none where it is a real one. */
    readonly disk: Option.Option<LawDisk>
    /** Computes for so long, within the call; none where computing takes no time. */
    readonly holdThread: Option.Option<(millis: number) => void>
  }
>()("@portico/testkit/LawEnvironment") {}
