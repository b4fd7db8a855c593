/**
 * Listeners over a `net.Server` that does not show libuv's handle, as a Node would be that has no
 * `onconnection`: the port falls back to `connection` events and `data` listeners.
 */
import { once } from "node:events"
import * as Net from "node:net"
import type { ListenRequest } from "@portico/core/port/index"
import { NodeListener } from "../../src/tcp/NodeListener.ts"
import { NodeSlabs } from "../../src/tcp/NodeSlabs.ts"
import { Listening, listenRequest, loopback, type TcpWorld } from "./WatchedTcp.ts"

const hiding = (server: Net.Server): Net.Server =>
  new Proxy(server, {
    get: (_, property) => {
      if (property === "_handle") return undefined
      const value = Reflect.get(server, property, server) as unknown
      return typeof value === "function" ? (value.bind(server) as unknown) : value
    }
  })

export const listenWithoutHandle = async (world: TcpWorld, options?: Partial<ListenRequest>) => {
  const request = listenRequest(loopback, options)
  const server = Net.createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true })
  server.listen({ host: "127.0.0.1", port: 0 })
  await once(server, "listening")
  const port = new NodeListener(world.turn, new NodeSlabs(), hiding(server), request)
  return new Listening(world, port)
}

/** The same with the handle shown, and the handle, to play libuv with. */
export const listenWithHandle = async (world: TcpWorld) => {
  const server = Net.createServer({ allowHalfOpen: true, pauseOnConnect: true })
  server.listen({ host: "127.0.0.1", port: 0 })
  await once(server, "listening")
  const port = new NodeListener(world.turn, new NodeSlabs(), server, listenRequest(loopback))
  const handle = Reflect.get(server, "_handle") as {
    readonly onconnection: (status: number, client: undefined) => void
  }
  return { handle, listening: new Listening(world, port) }
}
