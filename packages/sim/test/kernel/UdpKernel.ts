/** A kernel with datagram sockets alone: calls in, then everything that follows. */
import type { BindRequest } from "@portico/core/port/index"
import * as UdpBind from "../../src/kernel/UdpBind.ts"
import type { UdpEndpoint } from "../../src/kernel/UdpEndpoint.ts"
import { send } from "../../src/kernel/UdpSend.ts"
import { TestKernel } from "./TestKernel.ts"

export const at = (host: string, port: number) => ({ _tag: "Inet", host, port }) as const
export const bytes = (...numbers: ReadonlyArray<number>) => Uint8Array.of(...numbers)

export class UdpKernel extends TestKernel {
  tryBind(host: string, options: Partial<BindRequest> & { readonly port?: number } = {}) {
    return UdpBind.bind(this.host, {
      address: at(host.replace("*", ""), options.port ?? 0),
      reuseAddress: false,
      reusePort: false,
      ipv6Only: host.endsWith("*"),
      kernelReceiveBytes: undefined,
      kernelSendBytes: undefined,
      ...options
    })
  }

  bind(host = "127.0.0.1", options?: Parameters<UdpKernel["tryBind"]>[1]): UdpEndpoint {
    const endpoint = this.tryBind(host, options)
    if (typeof endpoint === "string") throw new Error(`refused: ${endpoint}`)
    return endpoint
  }

  send(from: UdpEndpoint, payload: Uint8Array, host?: string, port?: number) {
    const to = host === undefined ? undefined : at(host, port!)
    return send(this.host, from, payload, to)
  }
}

export const portOf = ({ bound }: UdpEndpoint): number => bound.port
export const payloads = (socket: UdpEndpoint): ReadonlyArray<ReadonlyArray<number>> =>
  socket.queue.map((datagram) => [...datagram.bytes])
