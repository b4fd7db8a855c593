/** `Tls.client` and `Tls.server`, arguments checked: from a stream to a TLS stream, or to none. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { IoError } from "../../IoError.ts"
import type { TlsStreamPort } from "../../port/TlsPort.ts"
import { Reason } from "../../Reason.ts"
import type { Site } from "../../Site.ts"
import type { TcpStream } from "../../TcpStream.ts"
import { attempt } from "../attempt.ts"
import * as Check from "../Check.ts"
import { Handshake, type HandshakeRequest } from "./Handshake.ts"
import type { HandleTable } from "../HandleTable.ts"
import { StreamHandle } from "../stream/StreamHandle.ts"
import { TlsHandle } from "./TlsHandle.ts"

export interface Upgrade {
  /** `Tls.client`. */
  readonly operation: string
  readonly stream: TcpStream
  readonly request: HandshakeRequest
  readonly timeout: Duration.Input
  readonly closeGrace: Duration.Input
  readonly site: Site
  /** Why the TLS stream is not to be had all the same. */
  readonly refuse: (stream: TlsHandle) => Reason | undefined
}

/** Not scoped: whoever is given the TLS stream closes it. Failed or interrupted, all is closed. */
export const upgrade = (table: HandleTable, of: Upgrade): Effect.Effect<TlsHandle, IoError> =>
  Effect.suspend(() => {
    const { operation, stream } = of
    if (!(stream instanceof StreamHandle) || stream.table !== table) {
      return Check.invalid(operation, "stream", "of the same backend", stream.label)
    }
    const refusal = stream.takeOverRefusal(operation)
    // What this turn has written and not yet sent is no reason to refuse.
    if (refusal !== undefined && !isUnsent(refusal, stream)) return Effect.fail(refusal)
    // A value may be dropped on its way through a race: what was adopted is remembered here.
    let adopted: TlsHandle | undefined
    const adopt = (port: TlsStreamPort): TlsHandle =>
      (adopted = new TlsHandle(stream, port, {
        kind: "TlsStream",
        site: of.site,
        closeGrace: of.closeGrace
      }))
    const shaking = Effect.andThen(sent(of, stream), handshake(of, stream, adopt))
    const orElse = () => Effect.fail(stream.error(operation, Reason.TimedOut()))
    const timed = Effect.timeoutOrElse(shaking, { duration: of.timeout, orElse })
    return Effect.onError(timed, () => adopted?.close ?? stream.close)
  })

const isUnsent = (refusal: IoError, stream: StreamHandle): boolean =>
  refusal.reason._tag === "Busy" && stream.waits.length === 0

const sent = (of: Upgrade, stream: StreamHandle): Effect.Effect<void, IoError> =>
  Effect.mapError(
    stream.flush,
    ({ address, cause, reason }) => new IoError({ operation: of.operation, reason, address, cause })
  )

const handshake = (
  of: Upgrade,
  stream: StreamHandle,
  adopt: (port: TlsStreamPort) => TlsHandle
): Effect.Effect<TlsHandle, IoError> =>
  Effect.suspend(() => {
    const { operation, request } = of
    const refusal = stream.takeOverRefusal(operation)
    if (refusal !== undefined) return Effect.fail(refusal)
    const under = new Handshake(stream)
    const shaken = attempt(stream.table, {
      operation,
      address: stream.error(operation, Reason.Closed()).address ?? "",
      start: (onSecure: (port: TlsStreamPort) => void, onFailed) =>
        under.start(request, onSecure, onFailed),
      adopt,
      discard: (secure) => secure.close
    })
    return Effect.flatMap(shaken, (secure) => {
      const reason = of.refuse(secure)
      return reason === undefined
        ? Effect.succeed(secure)
        : Effect.fail(stream.error(operation, reason))
    })
  })
