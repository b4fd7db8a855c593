/** What the log says when a connection's handler ends badly. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { isIoError } from "../../IoError.ts"
import * as Remedy from "../../Remedy.ts"
import type { StreamHandle } from "../stream/StreamHandle.ts"

/**
 * A peer that goes away mid-stream is everyday life of a server, told at debug level; whatever else
 * a handler fails or dies with is an error.
 */
export const logHandlerExit = (
  cause: Cause.Cause<unknown>,
  stream: StreamHandle
): Effect.Effect<void> => {
  const isPeerGone = cause.reasons.every(
    (reason) =>
      Cause.isFailReason(reason) &&
      isIoError(reason.error) &&
      Remedy.of(reason.error.reason) === "Reconnect"
  )
  return isPeerGone
    ? Effect.logDebug(`Connection lost: ${stream.label}`, cause)
    : Effect.logError(`Handler failed: ${stream.label}`, cause)
}
