/**
 * Datagram sockets: bind one, then send and receive on it.
 *
 * Arguments are checked first: one out of its bound fails as `InvalidArgument`, naming it, and an
 * option that the backend lacks as `Unsupported`; nothing was attempted then.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { IoError } from "./IoError.ts"
import { Site } from "./Site.ts"
import type { BindOptions } from "./UdpOptions.ts"
import type { UdpSocket } from "./UdpSocket.ts"

export class Udp extends Context.Service<
  Udp,
  {
    /** `site` is where the handle says that it was opened: by default, where this is called. */
    readonly bind: (
      options: BindOptions,
      site?: Site
    ) => Effect.Effect<UdpSocket, IoError, Scope.Scope>
  }
>()("@portico/core/Udp") {}

/**
 * Binds a socket to an IP literal and a port (0: any), until the scope ends. Fails with
 * `AddressInUse`, `AddressNotAvailable`, `PermissionDenied`, `ResourceExhausted`. Interrupted, its
 * descriptor is freed and no handle is left.
 */
export const bind = (
  options: BindOptions
): Effect.Effect<UdpSocket, IoError, Scope.Scope | Udp> => {
  const site = new Site()
  return Udp.use((udp) => udp.bind(options, site))
}
