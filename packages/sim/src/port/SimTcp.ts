/** Opening simulated stream sockets. */
import type {
  Attempt,
  ConnectEvents,
  ConnectRequest,
  ListenEvents,
  ListenRequest,
  PortFailure,
  TcpPort
} from "@portico/core/port/index"
import type { Endpoint } from "../kernel/Endpoint.ts"
import { type Errno, failure } from "../kernel/Errno.ts"
import { connect } from "../kernel/Handshake.ts"
import type { Watcher } from "../kernel/Host.ts"
import { closeListener, listen } from "../kernel/Listener.ts"
import { close } from "../kernel/Teardown.ts"
import { pathBytesMax } from "../kernel/UnixNames.ts"
import { LoopRef } from "../loop/LoopRef.ts"
import { SimListener } from "./SimListener.ts"
import type { SimPorts } from "./SimPorts.ts"
import { SimStream } from "./SimStream.ts"

export class SimTcp implements TcpPort {
  readonly unixPathBytesMax = pathBytesMax
  private readonly ports: SimPorts

  constructor(ports: SimPorts) {
    this.ports = ports
  }

  connect(request: ConnectRequest, events: ConnectEvents): Attempt {
    const end = connect(this.ports.host, request.address, request.local)
    if (typeof end === "string") return this.refuse(end, "connect", events)
    const attempt = new ConnectAttempt(this.ports, end, events)
    if (end.phase !== "connecting") attempt.changed()
    return attempt
  }

  listen(request: ListenRequest, events: ListenEvents): Attempt {
    const { host, world } = this.ports
    const listener = listen(host, request)
    if (typeof listener === "string") return this.refuse(listener, "listen", events)
    let isOver = false
    world.later(() => {
      if (isOver) return
      isOver = true
      this.ports.raise(() => events.onListening(new SimListener(this.ports, listener)))
    })
    return {
      cancel: () => {
        if (isOver) return
        isOver = true
        closeListener(host, listener)
      }
    }
  }

  unlink(path: string): void | PortFailure {
    const refusal = this.ports.host.unix.unlink(path)
    return refusal === undefined ? undefined : failure(refusal, "unlink")
  }

  private refuse(
    code: Errno,
    syscall: string,
    events: { onFailed(failure: PortFailure): void }
  ): Attempt {
    let isOver = false
    this.ports.world.later(() => {
      if (isOver) return
      isOver = true
      this.ports.raise(() => events.onFailed(failure(code, syscall)))
    })
    return {
      cancel: () => {
        isOver = true
      }
    }
  }
}

class ConnectAttempt implements Attempt, Watcher {
  private readonly ports: SimPorts
  private readonly end: Endpoint
  private readonly events: ConnectEvents
  private readonly ref: LoopRef
  private isOver = false

  constructor(ports: SimPorts, end: Endpoint, events: ConnectEvents) {
    this.ports = ports
    this.end = end
    this.events = events
    this.ref = new LoopRef(ports.world)
    end.watcher = this
  }

  cancel(): void {
    if (this.isOver) return
    this.isOver = true
    this.ref.drop()
    close(this.ports.host, this.end)
  }

  // The first change is the outcome: connected, or failed.
  changed(): void {
    this.end.watcher = undefined
    this.ports.world.later(() => this.finish())
  }

  private finish(): void {
    if (this.isOver) return
    this.isOver = true
    this.ref.drop()
    const { end, events, ports } = this
    const { error } = end
    // A reset that came right after the handshake is told to the first read.
    if (error === undefined || error === "connectionReset") {
      return ports.raise(() => events.onConnected(new SimStream(ports, end)))
    }
    close(ports.host, end)
    ports.raise(() => events.onFailed(failure(error, "connect")))
  }
}
