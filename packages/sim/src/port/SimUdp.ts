/** Binding simulated datagram sockets. */
import type { Attempt, BindEvents, BindRequest, UdpPort } from "@portico/core/port/index"
import { failure } from "../kernel/Errno.ts"
import { bind, close } from "../kernel/UdpBind.ts"
import type { SimPorts } from "./SimPorts.ts"
import { SimUdpSocket } from "./SimUdpSocket.ts"

export class SimUdp implements UdpPort {
  private readonly ports: SimPorts

  constructor(ports: SimPorts) {
    this.ports = ports
  }

  bind(request: BindRequest, events: BindEvents): Attempt {
    const { host, world } = this.ports
    const endpoint = bind(host, request)
    let isOver = false
    world.later(() => {
      if (isOver) return
      isOver = true
      this.ports.raise(() => {
        if (typeof endpoint === "string") events.onFailed(failure(endpoint, "bind"))
        else events.onBound(new SimUdpSocket(this.ports, endpoint))
      })
    })
    return {
      cancel: () => {
        if (isOver) return
        isOver = true
        if (typeof endpoint !== "string") close(host, endpoint)
      }
    }
  }
}
