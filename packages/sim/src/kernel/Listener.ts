/** A listening socket, TCP or Unix: its address, its backlog, and taking from it. */
import type { ListenRequest, PortAddress } from "@portico/core/port/index"
import type { Event } from "../loop/EventQueue.ts"
import type { Endpoint } from "./Endpoint.ts"
import type { Errno } from "./Errno.ts"
import { Edge, type Host, type Watcher } from "./Host.ts"
import type { Binding } from "./InetNames.ts"
import * as IpAddress from "./IpAddress.ts"
import { abort, fail } from "./Teardown.ts"
import { send } from "./Wire.ts"

/** A connect that waits for room in the backlog, and when its kernel gives up. */
interface PendingConnect {
  readonly client: Endpoint
  readonly giveUp: Event
}

export class Listener {
  readonly id: number
  readonly address: PortAddress
  /** Undefined for a Unix listener. */
  readonly binding: Binding | undefined
  readonly backlog: number
  /** Connections whose handshake is under way; they have their place in the queue already. */
  readonly handshakes = new Set<Endpoint>()
  /** Connections that nobody accepted yet. */
  readonly queue: Array<Endpoint> = []
  readonly pending: Array<PendingConnect> = []
  watcher: Watcher | undefined = undefined
  isOpen = true

  constructor(host: Host, address: PortAddress, binding: Binding | undefined, backlog: number) {
    this.id = host.nextSocket()
    this.address = address
    this.binding = binding
    this.backlog = backlog
  }

  // Linux takes one more than it was asked for.
  get hasRoom(): boolean {
    return this.queue.length + this.handshakes.size <= this.backlog
  }
}

// Node's default; the simulated host has no `somaxconn` below it.
const defaultBacklog = 511
// 0o777 less the usual umask.
const defaultMode = 0o755
// Linux retries a SYN for 131 seconds (net.ipv4.tcp_syn_retries = 6).
const connectTimeoutNanos = 131_000_000_000

export const listen = (host: Host, request: ListenRequest): Listener | Errno => {
  if (!host.descriptorsLeft) return "descriptorsUsedUp"
  const backlog = request.backlog ?? defaultBacklog
  const listener =
    request.address._tag === "Unix"
      ? new Listener(host, request.address, undefined, backlog)
      : bindInet(host, request, backlog)
  if (typeof listener === "string") return listener
  if (listener.address._tag === "Unix") {
    const refusal = host.unix.bind(listener.address.path, listener, request.mode ?? defaultMode)
    if (refusal !== undefined) return refusal
  }
  host.opened(listener)
  return listener
}

const bindInet = (host: Host, request: ListenRequest, backlog: number): Listener | Errno => {
  if (request.address._tag === "Unix") return "invalidArgument"
  const ip = IpAddress.parse(request.address.host)
  if (ip === undefined) return "invalidArgument"
  if (!host.owns(ip) && !IpAddress.isWildcard(ip)) return "addressNotAvailable"
  const port = request.address.port === 0 ? host.inet.freePort() : request.address.port
  if (port === undefined) return "addressInUse"
  const { ipv6Only, reusePort } = request
  const binding: Binding = { ip, port, ipv6Only, reusePort }
  if (host.inet.isHeld(port) || host.inet.conflicts(binding)) return "addressInUse"
  const address: PortAddress = { _tag: "Inet", host: ip.literal, port }
  const listener = new Listener(host, address, binding, backlog)
  host.inet.add(port, listener)
  return listener
}

/** Takes the connection that has waited longest, if there is one and a descriptor for it. */
export const accept = (
  host: Host,
  listener: Listener
): Endpoint | "descriptorsUsedUp" | undefined => {
  if (listener.queue.length === 0) return undefined
  if (!host.descriptorsLeft) return "descriptorsUsedUp"
  const end = listener.queue.shift()!
  end.hasDescriptor = true
  host.opened(end)
  return end
}

/** The handshake failed, which frees its place, or was completed, which makes it acceptable. */
export const endHandshake = (end: Endpoint, completed: boolean): Listener | undefined => {
  const listener = end.handshakeFor
  end.handshakeFor = undefined
  if (listener === undefined || !listener.handshakes.delete(end)) return undefined
  if (completed) enqueue(listener, end)
  return listener
}

export const enqueue = (listener: Listener, end: Endpoint): void => {
  listener.queue.push(end)
  listener.watcher?.changed(Edge.readable)
}

/** Leaves a connect waiting until `resume` is called for it or its kernel gives up. */
export const park = (host: Host, listener: Listener, client: Endpoint): void => {
  const giveUp = host.timeline.after(connectTimeoutNanos, client.lane, () => {
    const index = listener.pending.findIndex((pending) => pending.client === client)
    if (index >= 0) listener.pending.splice(index, 1)
    if (client.phase === "connecting") fail(host, client, "timedOut")
  })
  listener.pending.push({ client, giveUp })
}

/** The connect that has waited longest for room and still wants it. */
export const resume = (host: Host, listener: Listener): Endpoint | undefined => {
  for (;;) {
    const pending = listener.pending.shift()
    if (pending === undefined) return undefined
    host.timeline.cancel(pending.giveUp)
    if (pending.client.phase === "connecting") return pending.client
  }
}

/** Connections that nobody accepted are reset, connects that wait are refused. */
export const closeListener = (host: Host, listener: Listener): void => {
  if (!listener.isOpen) return
  listener.isOpen = false
  listener.watcher = undefined
  host.closed(listener)
  if (listener.binding !== undefined) host.inet.remove(listener.binding.port, listener)
  else if (listener.address._tag === "Unix") host.unix.release(listener.address.path, listener)
  for (const end of [...listener.queue.splice(0), ...listener.handshakes]) abort(host, end)
  listener.handshakes.clear()
  for (let client = resume(host, listener); client; client = resume(host, listener)) {
    send(host, client, { kind: "Refused" })
  }
}
