/** The options of a connected socket: TCP only, by capability, refused once it is closing. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { IoError } from "../IoError.ts"
import { PortFailure } from "../port/PortFailure.ts"
import type { StreamPort } from "../port/StreamPort.ts"
import { Reason } from "../Reason.ts"
import * as Check from "./Check.ts"
import type { StreamHandle } from "./stream/StreamHandle.ts"

export type KeepAliveSetting = false | { readonly idle: Duration.Input }

export const setNoDelay = (
  stream: StreamHandle,
  port: StreamPort,
  enabled: boolean
): Effect.Effect<void, IoError> =>
  set(stream, "TcpStream.setNoDelay", "noDelay", () => port.setNoDelay(enabled))

export const setKeepAlive = (
  stream: StreamHandle,
  port: StreamPort,
  setting: KeepAliveSetting
): Effect.Effect<void, IoError> => {
  const operation = "TcpStream.setKeepAlive"
  const { capabilities, name } = stream.table.ports
  if (!capabilities.keepAlive) return Check.unsupported(operation, "keepAlive", name)
  const idle = setting === false ? 1000 : Check.millis(setting.idle)
  return (
    Check.integer(operation, "idle", idle / 1000, 1, 32_767, "whole seconds") ??
    set(stream, operation, "keepAlive", () =>
      port.setKeepAlive({ enabled: setting !== false, initialDelayMillis: idle })
    )
  )
}

const set = (
  stream: StreamHandle,
  operation: string,
  option: string,
  tell: () => void | PortFailure
): Effect.Effect<void, IoError> =>
  Effect.suspend(() => {
    if (stream.isClosing) return Effect.fail(stream.error(operation, Reason.Closed()))
    if (stream.isUnix) {
      return Check.unsupported(operation, `${option} of a Unix stream`, stream.table.ports.name)
    }
    const failure = tell()
    return failure instanceof PortFailure
      ? Effect.fail(stream.error(operation, failure.reason, failure.cause))
      : Effect.void
  })
