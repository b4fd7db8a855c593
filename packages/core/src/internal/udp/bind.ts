/** `Udp.bind`: check the options, bind one port, hand out a handle. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { IoError } from "../../IoError.ts"
import type { DatagramPort } from "../../port/UdpPort.ts"
import { Site } from "../../Site.ts"
import type { BindOptions } from "../../UdpOptions.ts"
import type { UdpSocket } from "../../UdpSocket.ts"
import { attempt } from "../attempt.ts"
import type { HandleTable } from "../HandleTable.ts"
import { scoped } from "../scoped.ts"
import { checkBind, defaults, toRequest } from "./UdpArguments.ts"
import { UdpHandle, type UdpHandleSettings } from "./UdpHandle.ts"

const operation = "Udp.bind"

export const bind = (
  table: HandleTable,
  options: BindOptions,
  site: Site = new Site()
): Effect.Effect<UdpSocket, IoError, Scope.Scope> =>
  Effect.suspend(() => {
    const refusal = checkBind(table.ports, options)
    if (refusal !== undefined) return refusal
    const request = toRequest(options)
    const settings: UdpHandleSettings = {
      site,
      receiveQueueBytes: options.receiveQueueBytes ?? defaults.receiveQueueBytes,
      overflow: options.overflow ?? defaults.overflow,
      datagramBytesMax: options.datagramBytesMax ?? defaults.datagramBytesMax,
      ipv6Only: request.ipv6Only
    }
    // A value may be dropped on its way through a race: what was adopted is remembered here.
    let adopted: UdpHandle | undefined
    const opening = attempt(table, {
      operation,
      address: request.address,
      scheme: "udp",
      start: (onBound: (port: DatagramPort) => void, onFailed) =>
        table.ports.udp.bind(request, { onBound, onFailed }),
      adopt: (port) => (adopted = new UdpHandle(table, port, settings)),
      discard: (socket) => socket.close
    })
    const isBroadcasting = options.broadcast === true
    const opened = isBroadcasting
      ? Effect.tap(opening, (socket) => socket.setBroadcast(true))
      : opening
    return scoped(
      (restore) => Effect.onError(restore(opened), () => adopted?.close ?? Effect.void),
      (socket) => socket.close
    )
  })
