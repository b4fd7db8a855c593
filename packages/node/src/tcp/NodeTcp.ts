/** The `TcpPort` over `node:net`. */
import { existsSync } from "node:fs"
import * as Net from "node:net"
import { dirname } from "node:path"
import {
  type Attempt,
  type ListenEvents,
  type ListenRequest,
  PortFailure,
  raise,
  type TcpPort,
  type TurnPort
} from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import { NodeConnect } from "./NodeConnect.ts"
import { failureOf } from "../NodeErrno.ts"
import { NodeListener } from "./NodeListener.ts"
import { NodeSlabs } from "./NodeSlabs.ts"
import * as NodeSocketFile from "./NodeSocketFile.ts"

export const make = (turn: TurnPort, platform: NodeJS.Platform): TcpPort => {
  const slabs = new NodeSlabs()
  return {
    unixPathBytesMax: NodeSocketFile.pathBytesMax(platform),
    connect: (request, events) => new NodeConnect(turn, slabs, request, events),
    listen: (request, events) => listen(turn, slabs, request, events),
    unlink: NodeSocketFile.unlink
  }
}

const listen = (
  turn: TurnPort,
  slabs: NodeSlabs,
  request: ListenRequest,
  events: ListenEvents
): Attempt => {
  const server = Net.createServer({
    allowHalfOpen: true,
    pauseOnConnect: true,
    noDelay: request.noDelay
  })
  let isDone = false
  const once = (event: () => void) => {
    if (isDone) return
    isDone = true
    server.off("error", onError)
    raise(turn, event)
  }
  const onError = (error: Error) => once(() => events.onFailed(listenFailure(error, request)))
  server.on("error", onError)
  server.once("listening", () =>
    once(() => events.onListening(new NodeListener(turn, slabs, server, request)))
  )
  NodeSocketFile.withMode(request.mode, () => server.listen(listenOptions(request)))
  return {
    cancel: () => {
      if (isDone) return
      isDone = true
      server.close()
    }
  }
}

// libuv says EACCES for a missing folder, as Windows would.
const listenFailure = (error: Error, { address }: ListenRequest): PortFailure => {
  const failure = failureOf(error)
  const isFolderMissing =
    failure.reason._tag === "PermissionDenied" &&
    address._tag === "Unix" &&
    !existsSync(dirname(address.path))
  return isFolderMissing ? new PortFailure(Reason.NotFound(), error) : failure
}

const listenOptions = (request: ListenRequest): Net.ListenOptions => {
  const { address, backlog } = request
  const common = backlog === undefined ? {} : { backlog }
  if (address._tag === "Unix") return { ...common, path: address.path }
  const { host, port } = address
  return { ...common, host, port, reusePort: request.reusePort, ipv6Only: request.ipv6Only }
}
