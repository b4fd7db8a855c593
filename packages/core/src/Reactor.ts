/**
 * Dispatches *readiness*: ask with an `Interest`, be told a `Readiness`, then `try…` without
 * waiting.
 *
 * After Schmidt's Reactor (POSA2). A view of the same handles that `Tcp` and `Udp` open.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Interest } from "./Interest.ts"
import type { IoError } from "./IoError.ts"
import type { Readiness } from "./Readiness.ts"
import type { TcpListener } from "./TcpListener.ts"
import type { TcpStream } from "./TcpStream.ts"
import type { UdpSocket } from "./UdpSocket.ts"

export class Reactor extends Context.Service<
  Reactor,
  {
    /**
     * Waits until at least one condition of `interest` holds, and tells all that hold then. At
     * once when one holds already. A second waiter for the same direction of a stream fails with
     * `Busy`; one reader and one writer may wait together, on a datagram socket any number. Fails
     * with `Closed` when the handle or the backend is closed, also while waiting; with
     * `InvalidArgument` for an interest in nothing and for writing on a listener. Interrupted, it
     * removes its registration first.
     */
    readonly awaitReadiness: (
      handle: TcpStream | TcpListener | UdpSocket,
      interest: Interest
    ) => Effect.Effect<Readiness, IoError>
  }
>()("@portico/core/Reactor") {}
