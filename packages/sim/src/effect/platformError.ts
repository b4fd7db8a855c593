/** Core's failures as those of Effect's `FileSystem`. */
import type { IoError } from "@portico/core/IoError"
import { format, type Reason } from "@portico/core/Reason"
import * as Effect from "effect/Effect"
import * as PlatformError from "effect/PlatformError"

const module = "FileSystem"

// As platform-node has it for what these stand for there.
const tagOf = (reason: Reason): PlatformError.SystemErrorTag => {
  switch (reason._tag) {
    case "AlreadyExists":
    case "Busy":
    case "NotFound":
    case "PermissionDenied":
    case "TimedOut":
      return reason._tag
    case "IsADirectory":
    case "NotADirectory":
    case "SymlinkLoop":
      return "BadResource"
    default:
      return "Unknown"
  }
}

export const failureOf = (
  method: string,
  path: string,
  cause: IoError,
  tag = tagOf(cause.reason)
) =>
  PlatformError.systemError({
    _tag: tag,
    module,
    method,
    description: format(cause.reason),
    pathOrDescriptor: path,
    cause
  })

/** `effect`, failing as the method of that name does. */
export const as =
  (method: string, path: string) =>
  <A, R>(effect: Effect.Effect<A, IoError, R>): Effect.Effect<A, PlatformError.PlatformError, R> =>
    Effect.mapError(effect, (cause) => failureOf(method, path, cause))

/** The same of an open file: what it was not opened for has no word of its own there. */
export const asOpen =
  (method: string, path: string) =>
  <A, R>(effect: Effect.Effect<A, IoError, R>): Effect.Effect<A, PlatformError.PlatformError, R> =>
    Effect.mapError(effect, (cause) => {
      const isDenied = cause.reason._tag === "PermissionDenied"
      return failureOf(method, path, cause, isDenied ? "Unknown" : undefined)
    })

export const badArgument = (method: string, description: string) =>
  PlatformError.badArgument({ module, method, description })

export const notPermitted = (method: string, path: string) =>
  PlatformError.systemError({
    _tag: "PermissionDenied",
    module,
    method,
    pathOrDescriptor: path
  })
