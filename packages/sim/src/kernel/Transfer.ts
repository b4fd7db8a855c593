/** Bytes through a connection: what a program writes, reads, and ends. */
import { type Endpoint, roomToWrite } from "./Endpoint.ts"
import type { Errno } from "./Errno.ts"
import type { Host } from "./Host.ts"
import { chanceMax } from "./Link.ts"
import { networkSegmentBytesMax, segmentBytesMax, send, type Sequenced } from "./Wire.ts"

/** Copies what fits into the send buffer; how many bytes that were, or why it cannot be. */
export const write = (host: Host, end: Endpoint, bytes: Uint8Array): number | Errno => {
  if (end.phase !== "established" || end.peerGone || end.endWanted) return writeError(end)
  const count = Math.min(bytes.length, roomToWrite(host, end))
  if (count > 0) {
    end.unsent.push(bytes.slice(0, count))
    transmit(host, end)
    host.site?.io.note("send")
  }
  if (count < bytes.length || roomToWrite(host, end) === 0) end.writeBlocked = true
  return count
}

// Linux reports a reset once, to whoever asks first. A writer that had seen the peer's FIN, or that
// comes later, is told EPIPE; so is any writer on a Unix socket.
const writeError = (end: Endpoint): Errno => {
  const isNews = end.family === "inet" && !end.errorTold && !end.endReceived
  end.errorTold = true
  return isNews && end.error !== undefined ? end.error : "brokenPipe"
}

/** Everything that came, up to `bytesMax`. A reset does not take back what was received before. */
export const read = (
  host: Host,
  end: Endpoint,
  bytesMax: number
): Uint8Array | "WouldBlock" | "End" | Errno => {
  if (end.unread.bytes > 0) {
    const bytes = end.unread.take(shorten(host, Math.min(bytesMax, end.unread.bytes)))
    end.taken += bytes.length
    reopenWindow(host, end)
    return bytes
  }
  if (end.endReceived) return "End"
  if (end.error === undefined) return end.phase === "established" ? "WouldBlock" : "connectionReset"
  end.errorTold = true
  return end.error
}

// A read may give less than there is; the mildest draws give all, or all but one byte.
const shorten = ({ site }: Host, bytes: number): number => {
  if (site === undefined || site.shortReads === 0 || bytes < 2) return bytes
  const { draws } = site.network
  if (draws.below(chanceMax) < chanceMax - site.shortReads) return bytes
  return bytes - 1 - draws.below(Math.min(bytes - 1, 2 ** 21))
}

// A window is announced when it has grown by something worth sending: not for every byte read.
const reopenWindow = (host: Host, end: Endpoint): void => {
  const bufferBytes = host.options.receiveBufferBytes
  const growth = end.taken + bufferBytes - end.advertised
  if (end.phase === "established" && growth >= Math.min(bufferBytes / 2, segmentBytesMax)) {
    acknowledge(host, end)
  }
}

/** Tells the peer what arrived and how far it may go on. */
export const acknowledge = (host: Host, end: Endpoint): void => {
  end.advertised = end.taken + host.options.receiveBufferBytes
  send(host, end.peer, { kind: "Ack", acknowledged: end.received, limit: end.advertised })
}

/** Ends our side after the bytes written so far. A no-op on what is no longer connected. */
export const shutdown = (host: Host, end: Endpoint): void => {
  if (end.phase !== "established") return
  end.endWanted = true
  transmit(host, end)
}

/** Sends what the peer's window allows, then the end if it is wanted. */
export const transmit = (host: Host, end: Endpoint): void => {
  const bytesMax = end.flight === undefined ? segmentBytesMax : networkSegmentBytesMax
  while (end.unsent.bytes > 0 && end.sent < end.limit) {
    const bytes = end.unsent.take(Math.min(end.limit - end.sent, bytesMax))
    const at = end.sent
    end.sent += bytes.length
    dispatch(host, end, { kind: "Data", at, bytes })
  }
  if (end.endWanted && !end.endSent && end.unsent.bytes === 0) {
    const at = end.sent
    end.endSent = true
    end.endedFirst = !end.endReceived
    end.sent += 1
    dispatch(host, end, { kind: "End", at, isClosed: end.isOrphan })
  }
}

const dispatch = (host: Host, end: Endpoint, packet: Sequenced): void => {
  end.flight?.push(packet)
  send(host, end.peer, packet)
}
