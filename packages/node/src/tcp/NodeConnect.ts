/** One connection attempt over `net.Socket`. */
import * as Net from "node:net"
import {
  type Attempt,
  type ConnectEvents,
  type ConnectRequest,
  raise,
  type TurnPort
} from "@portico/core/port/index"
import { failureOf } from "../NodeErrno.ts"
import type { NodeSlabs } from "./NodeSlabs.ts"
import { NodeStream, socketOptions } from "./NodeStream.ts"

export class NodeConnect implements Attempt {
  private readonly socket: Net.Socket
  private isDone = false

  constructor(turn: TurnPort, slabs: NodeSlabs, request: ConnectRequest, events: ConnectEvents) {
    const { address } = request
    // Asked for while the socket makes its handle, in `connect`.
    slabs.useNext(slabs.shared)
    const socket = (this.socket = new Net.Socket(socketOptions(slabs, request.noDelay)))
    const onFailed = (error: Error) => {
      if (this.isDone) return
      this.isDone = true
      raise(turn, () => events.onFailed(failureOf(error)))
    }
    socket.on("error", onFailed)
    socket.once("connect", () => {
      if (this.isDone) return
      this.isDone = true
      socket.off("error", onFailed)
      const unix = address._tag === "Unix" ? { peer: address } : undefined
      const stream = new NodeStream(turn, slabs, socket, unix)
      raise(turn, () => events.onConnected(stream))
    })
    socket.connect(connectOptions(request))
  }

  cancel(): void {
    if (this.isDone) return
    this.isDone = true
    this.socket.destroy()
  }
}

const connectOptions = ({ address, local }: ConnectRequest): Net.SocketConnectOpts => {
  if (address._tag === "Unix") return { path: address.path }
  const { host, port } = address
  // Core races addresses itself; Node's own race aborts a slow first address after 250 ms.
  const remote = { host, port, autoSelectFamily: false }
  return local === undefined
    ? remote
    : { ...remote, localAddress: local.host, localPort: local.port }
}
