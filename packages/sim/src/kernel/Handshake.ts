/** How connections begin. */
import type { InetPortAddress, PortAddress, UnixPortAddress } from "@portico/core/port/index"
import { Endpoint } from "./Endpoint.ts"
import type { Errno } from "./Errno.ts"
import type { Host } from "./Host.ts"
import { remoteKey } from "./InetNames.ts"
import * as IpAddress from "./IpAddress.ts"
import { type Listener, accept, enqueue, park, resume } from "./Listener.ts"
import { startSyn } from "./Retransmission.ts"
import { sendSyn } from "./Syn.ts"
import { send } from "./Wire.ts"

/**
 * Starts to connect. If the end's phase is `connecting`, its watcher is told when that changes.
 */
export const connect = (
  host: Host,
  address: PortAddress,
  local: InetPortAddress | undefined
): Endpoint | Errno => {
  if (!host.descriptorsLeft) return "descriptorsUsedUp"
  const client =
    address._tag === "Unix" ? connectUnix(host, address) : connectInet(host, address, local)
  if (typeof client === "string") return client
  client.hasDescriptor = true
  host.opened(client)
  if (client.family === "inet") host.site?.io.note("connect")
  return client
}

const connectInet = (
  host: Host,
  address: InetPortAddress,
  local: InetPortAddress | undefined
): Endpoint | Errno => {
  const asked = IpAddress.parse(address.host)
  if (asked === undefined) return "invalidArgument"
  const remote = IpAddress.destination(asked)
  if (!host.reaches(remote)) return "networkUnreachable"
  const to: InetPortAddress = { _tag: "Inet", host: remote.literal, port: address.port }
  const from = localAddress(host, local, remote, to)
  if (typeof from === "string") return from
  const client = new Endpoint(host, "inet", from, to)
  client.portHeld = from.port
  host.inet.hold(from.port, remoteKey(to))
  sendSyn(host, client)
  return client
}

const localAddress = (
  host: Host,
  local: InetPortAddress | undefined,
  remote: IpAddress.IpAddress,
  to: InetPortAddress
): InetPortAddress | Errno => {
  const asked = local === undefined ? undefined : IpAddress.parse(local.host)
  if (local !== undefined && asked === undefined) return "invalidArgument"
  const isAny = asked === undefined || IpAddress.isWildcard(asked)
  const ip = isAny ? host.sourceFor(remote)! : asked
  if (!host.owns(ip)) return "addressNotAvailable"
  if (ip.family !== remote.family) return "invalidArgument"
  if (local === undefined || local.port === 0) {
    const port = host.inet.freePort(remoteKey(to), host.timeline.now)
    return port === undefined ? "addressNotAvailable" : { _tag: "Inet", host: ip.literal, port }
  }
  const binding = { ip, port: local.port, reusePort: false, ipv6Only: false }
  if (host.inet.isHeld(local.port) || host.inet.conflicts(binding)) return "addressInUse"
  return { _tag: "Inet", host: ip.literal, port: local.port }
}

export const synArrived = (host: Host, client: Endpoint): void => {
  // Whoever gave up meanwhile has withdrawn it.
  if (client.phase !== "connecting" || client.remote?._tag !== "Inet") return
  const { peer } = client
  // It was sent again, because the answer got lost or was late.
  if (peer?.phase === "established" && peer.host === host) {
    return send(host, client, { kind: "Accepted" })
  }
  const ip = IpAddress.parse(client.remote.host)
  const listener = ip === undefined ? undefined : host.inet.find(ip, client.remote.port)
  if (listener === undefined) send(host, client, { kind: "Refused" })
  else if (listener.hasRoom) admit(host, listener, client)
  else if (client.flight === undefined) park(host, listener, client)
  // A SYN that finds no room is dropped (net.ipv4.tcp_abort_on_overflow = 0).
  else startSyn(client)
}

// A Unix connect is settled inside the call: it finds its listener and room there, or fails. The
// program is told later all the same.
const connectUnix = (host: Host, address: UnixPortAddress): Endpoint | Errno => {
  const listener = host.unix.find(address.path)
  if (typeof listener === "string") return listener
  // Unlike a SYN, a connect that does not block is not put off (unix(7)).
  if (!listener.hasRoom) return "backlogFull"
  const client = new Endpoint(host, "unix", undefined, address)
  client.phase = "established"
  enqueue(listener, otherEnd(host, listener, client))
  return client
}

/** Answers the SYN. The other end can be accepted when the client has confirmed. */
const admit = (host: Host, listener: Listener, client: Endpoint): void => {
  const server = otherEnd(host, listener, client)
  server.handshakeFor = listener
  listener.handshakes.add(server)
  send(host, client, { kind: "Accepted" })
}

const otherEnd = (host: Host, listener: Listener, client: Endpoint): Endpoint => {
  const isDualStack = listener.binding?.ip.family === 6 && client.remote?._tag === "Inet"
  const seen = (address: PortAddress | undefined): PortAddress | undefined =>
    isDualStack && address?._tag === "Inet"
      ? { ...address, host: IpAddress.mapped(IpAddress.parse(address.host)!) }
      : address
  const server = new Endpoint(host, client.family, seen(client.remote), seen(client.local))
  server.phase = "established"
  server.peer = client
  client.peer = server
  return server
}

/** A connect that waited for room gets it. */
export const admitNext = (host: Host, listener: Listener): void => {
  const waiting = resume(host, listener)
  if (waiting !== undefined) admit(host, listener, waiting)
}

/** `accept`, which makes room. */
export const acceptAndAdmit = (
  host: Host,
  listener: Listener
): Endpoint | "descriptorsUsedUp" | undefined => {
  const end = accept(host, listener)
  if (end === undefined || end === "descriptorsUsedUp") return end
  admitNext(host, listener)
  host.site?.io.note("accept")
  return end
}
