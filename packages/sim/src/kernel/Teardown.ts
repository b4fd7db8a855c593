/** How connections end: closed, reset, failed, forgotten. */
import type { Endpoint } from "./Endpoint.ts"
import type { Errno } from "./Errno.ts"
import { Edge, type Host } from "./Host.ts"
import { remoteKey } from "./InetNames.ts"
import * as IpAddress from "./IpAddress.ts"
import { transmit } from "./Transfer.ts"
import { send } from "./Wire.ts"

/**
 * The program gives its descriptor back. Unread input makes it a reset; else what was written is
 * still delivered, followed by the end.
 */
export const close = (host: Host, end: Endpoint): void => {
  giveBack(host, end)
  if (end.phase !== "established") return forget(host, end)
  if (end.unread.bytes > 0) return abort(host, end)
  end.isOrphan = true
  // A Unix socket that ended its side earlier still has to tell that nobody reads any more.
  if (end.endSent) send(host, end.peer, { kind: "End", at: end.sent, isClosed: true })
  end.endWanted = true
  transmit(host, end)
  forgetIfDone(host, end)
}

/** As `close`, with RST. Linux has no such thing for Unix sockets: there it is `close`. */
export const reset = (host: Host, end: Endpoint): void => {
  if (end.phase !== "established" || end.family === "unix") return close(host, end)
  giveBack(host, end)
  abort(host, end)
}

/** Tells the peer that this connection is no more, whoever held it here. */
export const abort = (host: Host, end: Endpoint): void => {
  send(host, end.peer, { kind: "Reset" })
  forget(host, end)
}

/** The connection failed. Its program learns why; what it received stays readable. */
export const fail = (host: Host, end: Endpoint, error: Errno): void => {
  if (end.isOrphan) return forget(host, end)
  end.phase = "failed"
  end.error = error
  end.unsent.clear()
  stopTimers(host, end)
  releasePort(host, end)
  end.watcher?.changed(Edge.readable | Edge.writable)
}

/** The kernel forgets a connection that ended in both directions. */
export const forgetIfDone = (host: Host, end: Endpoint): void => {
  if (end.isOrphan && end.endReceived && end.endSent && end.acknowledged === end.sent) {
    linger(host, end)
    forget(host, end)
  }
}

/** Who ended first answers for a while, and keeps its port from the same peer (RFC 9293 §3.6). */
const linger = (host: Host, end: Endpoint): void => {
  if (end.flight === undefined || !end.endedFirst) return
  end.lingersUntil = host.timeline.now + timeWaitNanos
  const { portHeld, remote } = end
  if (portHeld === undefined || remote?._tag !== "Inet" || isLoopback(remote.host)) return
  host.inet.linger(portHeld, remoteKey(remote), end.lingersUntil)
}

const isLoopback = (host: string): boolean => {
  const ip = IpAddress.parse(host)
  return ip !== undefined && IpAddress.isLoopback(ip)
}

/** TCP_TIMEWAIT_LEN. Over loopback such a port is used again (net.ipv4.tcp_tw_reuse = 2). */
const timeWaitNanos = 60e9

/** Of a connection that nobody holds and that ends no more. */
export const forget = (host: Host, end: Endpoint): void => {
  end.phase = "gone"
  end.unsent.clear()
  end.unread.clear()
  end.early = []
  stopTimers(host, end)
  releasePort(host, end)
}

const stopTimers = (host: Host, end: Endpoint): void => {
  stopTimer(host, end)
  if (end.keepAliveTimer !== undefined) host.timeline.cancel(end.keepAliveTimer)
  end.keepAliveTimer = undefined
}

export const stopTimer = (host: Host, end: Endpoint): void => {
  if (end.timer !== undefined) host.timeline.cancel(end.timer)
  end.timer = undefined
}

const giveBack = (host: Host, end: Endpoint): void => {
  end.watcher = undefined
  host.closed(end)
  end.hasDescriptor = false
}

const releasePort = (host: Host, end: Endpoint): void => {
  const { portHeld, remote } = end
  if (portHeld !== undefined) host.inet.release(portHeld, remoteKey(remote))
  end.portHeld = undefined
}
