/** How connections end: closed, reset, failed, forgotten. */
import type { Endpoint } from "./Endpoint.ts"
import type { Errno } from "./Errno.ts"
import { Edge, type Host } from "./Host.ts"
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
  if (end.endSent) send(host, end.peer, { kind: "End", isClosed: true })
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
  releasePort(host, end)
  end.watcher?.changed(Edge.readable | Edge.writable)
}

/** The kernel forgets a connection that ended in both directions. */
export const forgetIfDone = (host: Host, end: Endpoint): void => {
  if (end.isOrphan && end.endReceived && end.endSent && end.acknowledged === end.sent) {
    forget(host, end)
  }
}

const forget = (host: Host, end: Endpoint): void => {
  end.phase = "gone"
  end.unsent.clear()
  end.unread.clear()
  releasePort(host, end)
}

const giveBack = (host: Host, end: Endpoint): void => {
  end.watcher = undefined
  if (end.hasDescriptor) host.descriptors--
  end.hasDescriptor = false
}

const releasePort = (host: Host, end: Endpoint): void => {
  if (end.portHeld !== undefined) host.inet.release(end.portHeld)
  end.portHeld = undefined
}
