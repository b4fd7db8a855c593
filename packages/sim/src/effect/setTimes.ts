/** Setting a path's times, which core's `Files` has no call for: by the port. */
import { IoError } from "@portico/core/IoError"
import { type FilePort, type PortFile, PortFailure } from "@portico/core/port/index"
import * as Effect from "effect/Effect"

const call = <A>(
  path: string,
  ask: (done: (result: A | PortFailure) => void) => void
): Effect.Effect<A, IoError> =>
  Effect.callback((resume) =>
    ask((result) =>
      resume(
        result instanceof PortFailure
          ? Effect.fail(
              new IoError({
                operation: "FileSystem.utimes",
                path,
                reason: result.reason,
                cause: result.cause
              })
            )
          : Effect.succeed(result)
      )
    )
  )

const request = {
  access: "read",
  append: false,
  create: "never",
  truncate: false,
  noFollow: false,
  mode: 0
} as const

/** Interrupted, it goes on to its end. */
export const setTimes = (
  port: FilePort,
  path: string,
  accessedNanos: bigint,
  modifiedNanos: bigint
): Effect.Effect<void, IoError> =>
  Effect.uninterruptible(
    Effect.gen(function* () {
      const file = yield* call<PortFile>(path, (done) => port.open({ ...request, path }, done))
      const setting = call<void>(path, (done) => file.setTimes(accessedNanos, modifiedNanos, done))
      yield* Effect.ensuring(setting, Effect.ignore(call<void>(path, (done) => file.close(done))))
    })
  )
