/**
 * Waiting for a port to open something: a connection, a listener, a datagram socket.
 *
 * Ends as opened, failed, interrupted, or `Closed` when the backend shuts down meanwhile; however
 * it ends, nothing that was opened is without an owner.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Address from "../Address.ts"
import { IoError } from "../IoError.ts"
import type { PortAddress } from "../port/PortAddress.ts"
import type { PortFailure } from "../port/PortFailure.ts"
import type { Attempt } from "../port/TcpPort.ts"
import { Reason } from "../Reason.ts"
import type { HandleTable } from "./HandleTable.ts"

export interface Opening<Port, Opened> {
  readonly operation: string
  /** Of what is opened; as text where it is known as such. */
  readonly address: PortAddress | string
  readonly scheme?: Address.Scheme | undefined
  readonly start: (
    onOpened: (port: Port) => void,
    onFailed: (failure: PortFailure) => void
  ) => Attempt
  /** Takes the port over, in the callback that delivered it. */
  readonly adopt: (port: Port) => Opened
  /** Undoes `adopt` when nobody is there to take the result. */
  readonly discard: (opened: Opened) => Effect.Effect<void>
}

export const attempt = <Port, Opened>(
  table: HandleTable,
  opening: Opening<Port, Opened>
): Effect.Effect<Opened, IoError> => {
  const { operation } = opening
  const address =
    typeof opening.address === "string"
      ? opening.address
      : Address.formatInput(opening.address, opening.scheme)
  const error = (reason: Reason, cause?: unknown) =>
    Effect.fail(new IoError({ operation, reason, address, cause }))
  return Effect.callback<Opened, IoError>((resume) => {
    if (table.isShutDown) return resume(error(Reason.Closed()))
    let opened: { readonly value: Opened } | undefined
    const end = (effect: Effect.Effect<Opened, IoError>) => {
      table.attempts.delete(underWay)
      resume(effect)
    }
    const started = opening.start(
      (port) => {
        opened = { value: opening.adopt(port) }
        end(Effect.succeed(opened.value))
      },
      (failure) => end(error(failure.reason, failure.cause))
    )
    const abort = () => {
      started.cancel()
      end(error(Reason.Closed()))
    }
    const fiberId = Fiber.getCurrent()?.id ?? 0
    const underWay = { operation, address, fiberId, abort }
    table.attempts.add(underWay)
    // Interrupted after it was opened and before the fiber took it: ours to undo.
    return Effect.suspend(() => {
      table.attempts.delete(underWay)
      if (opened !== undefined) return opening.discard(opened.value)
      started.cancel()
      return Effect.void
    })
  })
}
