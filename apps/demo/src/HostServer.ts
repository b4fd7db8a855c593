/**
 * An app of this repository on a real host, in a process of its own, as a user starts it.
 */
import { fileURLToPath } from "node:url"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as PlatformError from "effect/PlatformError"
import * as ChildProcess from "effect/process/ChildProcess"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Address } from "@portico/core"

/** The app did not start, or did not end as an app must: exit code 0 after SIGTERM. */
export class HostServerError extends Data.TaggedError("HostServerError")<{
  readonly message: string
}> {}

export interface HostServer {
  readonly address: Address.InetInput
  /** Sends SIGTERM, waits for the drain, and gives the number of handles left open. */
  readonly stop: Effect.Effect<number, HostServerError | PlatformError.PlatformError>
}

const launcher = fileURLToPath(new URL("../../launcher/src/main.ts", import.meta.url))

const text = (bytes: Stream.Stream<Uint8Array, PlatformError.PlatformError>) =>
  Stream.mkString(Stream.decodeText(bytes))

/** Starts `pnpm app <name> --on <host> --port 0 …`; succeeds when it serves. */
export const start = Effect.fnUntraced(
  function* (
    name: string,
    host: "node" | "bun",
    ...options: ReadonlyArray<string>
  ): Effect.fn.Return<
    HostServer,
    HostServerError | PlatformError.PlatformError,
    ChildProcessSpawner | Scope.Scope
  > {
    const child = yield* ChildProcess.make(
      process.execPath,
      ["-C", "source", launcher, name, "--on", host, "--port", "0", ...options],
      // In the demo's process group, so that a closed terminal ends the server, too.
      { stdin: "ignore", detached: false, forceKillAfter: "2 seconds" }
    )
    const ready = yield* Deferred.make<string, HostServerError>()
    const log = yield* Effect.forkScoped(text(child.stderr))
    const logText = Effect.orElseSucceed(Fiber.join(log), () => "")
    const failed = Effect.flatMap(logText, (told) =>
      Deferred.fail(ready, new HostServerError({ message: `${name} did not start: ${told}` }))
    )
    yield* child.stdout.pipe(
      Stream.decodeText,
      Stream.splitLines,
      Stream.runForEach((line) => Deferred.succeed(ready, line)),
      // Not when it is interrupted: the log ends only after the child does.
      Effect.ignore,
      Effect.andThen(failed),
      Effect.forkScoped
    )
    const url = new URL((yield* Deferred.await(ready)).slice("ready ".length))
    return {
      address: { host: url.hostname, port: Number(url.port) },
      stop: Effect.gen(function* () {
        yield* child.kill({ killSignal: "SIGTERM", forceKillAfter: "30 seconds" })
        const code = yield* child.exitCode
        const told = yield* logText
        const handles = /drained .*handles=(\d+)/.exec(told)?.[1]
        if (code === 0 && handles !== undefined) return Number(handles)
        return yield* new HostServerError({ message: `${name} exited with ${code}: ${told}` })
      })
    }
  },
  Effect.timeoutOrElse({
    duration: "30 seconds",
    orElse: () => new HostServerError({ message: "No app was ready within 30 seconds" })
  })
)
