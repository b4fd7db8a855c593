/**
 * A listening socket, TCP or Unix, whose connections are pulled.
 *
 * `localhost` is one listener on both loopback addresses with one port.
 */
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { Address } from "./Address.ts"
import type { Handle } from "./Handle.ts"
import type { IoError } from "./IoError.ts"
import type { TcpStream } from "./TcpStream.ts"

export interface TcpListener extends Handle {
  readonly kind: "TcpListener" | "UnixListener"
  /** The first bound address; its port is the real one. Known for ever, also after close. */
  readonly address: Address
  /** All bound addresses: two for `localhost`. */
  readonly addresses: ReadonlyArray<Address>

  /**
   * The connection that has waited longest; closed with the scope. Several fibers may accept at
   * once and are served in call order. Fails with `Closed` once the listener is closed, with
   * `ResourceExhausted` when descriptors ran out (retry later: the listener goes on), with the
   * reason of whatever else the host reports. Interrupting it takes no connection.
   */
  readonly accept: Effect.Effect<TcpStream, IoError, Scope.Scope>

  /** As `accept` without waiting; `none` when no connection is there. */
  readonly tryAccept: Effect.Effect<Option.Option<TcpStream>, IoError, Scope.Scope>

  /** Waits until `tryAccept` has something to say. */
  readonly awaitReadable: Effect.Effect<void, IoError>

  /**
   * Stops listening; resets connections that nobody accepted; wakes pending accepts with `Closed`.
   * Succeeds when the descriptor is free (a Unix path is gone then). As a stream's `close`
   * otherwise.
   */
  readonly close: Effect.Effect<void>
}
