/**
 * What TCP does about packets that do not arrive, as Linux has it.
 *
 * The world knows when a packet is lost, so a timer is started then, and not for each packet that
 * is sent: one that is not started could have done nothing. What a sender does when it fires, and
 * when, is the same. There is no congestion window.
 */
import type { Endpoint } from "./Endpoint.ts"
import type { Host } from "./Host.ts"
import { endHandshake } from "./Listener.ts"
import type { Loss } from "./Network.ts"
import { sendSyn } from "./Syn.ts"
import { fail, forget, stopTimer } from "./Teardown.ts"
import { type Packet, send, type Sequenced } from "./Wire.ts"

const nanosPerSecond = 1e9

/** TCP_RTO_MIN and TCP_RTO_MAX: 200 ms that double up to 120 s. */
const rtoMinNanos = 200e6
const rtoMaxNanos = 120e9
/** net.ipv4.tcp_retries2: after 924.6 s the connection is given up. */
const retriesMax = 15
/** net.ipv4.tcp_orphan_retries, of a connection that its program has closed. */
const orphanRetriesMax = 8
/** net.ipv4.tcp_syn_linear_timeouts and tcp_syn_retries: 1 s five times, then double, 131 s. */
const synLinear = 4
const synRetriesMax = 6 + synLinear
/** net.ipv4.tcp_synack_retries: 1, 2, 4 … s. */
const synAckRetriesMax = 5
/** net.ipv4.tcp_fin_timeout. */
const finTimeoutNanos = 60e9
/** Acknowledgements that say nothing new until the first segment is sent again (RFC 5681 §3.2). */
const duplicatesMax = 3

/** `packet` did not get to `to`, or not yet. Whoever has to act on that starts a timer. */
export const lost = (to: Endpoint, packet: Packet, loss: Loss): void => {
  const from = to.peer
  if (loss === "rejected" && packet.kind === "Refused") return rejectSyn(to)
  if (loss === "rejected" && from !== undefined) from.softError = "hostUnreachable"
  switch (packet.kind) {
    case "Refused":
      return startSyn(to)
    case "Accepted":
      startSyn(to)
      return from === undefined ? undefined : startSynAck(from)
    case "Confirmed":
      return startSynAck(to)
    case "Ack":
      return start(to)
    case "Data":
    case "End":
    case "Probe":
      return from === undefined ? undefined : start(from)
    case "Reset":
  }
}

// Before the handshake is over, ICMP's word is taken at once (RFC 5461 §4).
const rejectSyn = (client: Endpoint): void => {
  const { host, lane } = client
  host.timeline.after(host.options.latencyNanos, lane, () => {
    if (client.phase === "connecting") fail(host, client, "hostUnreachable")
  })
}

/** The client's SYN did not arrive, or no answer did. */
export const startSyn = (client: Endpoint): void => {
  if (client.phase !== "connecting" || client.timer !== undefined) return
  const seconds = 2 ** Math.max(0, client.retries - synLinear)
  startTimer(client, seconds * nanosPerSecond, (host) => {
    if (client.phase !== "connecting") return
    if (client.retries === synRetriesMax) return fail(host, client, client.softError ?? "timedOut")
    client.retries++
    sendSyn(host, client)
  })
}

/** The server's end does not know yet whether the client has its answer. */
const startSynAck = (server: Endpoint): void => {
  if (server.handshakeFor === undefined || server.timer !== undefined) return
  startTimer(server, 2 ** server.retries * nanosPerSecond, (host) => {
    if (server.handshakeFor === undefined) return
    if (server.retries === synAckRetriesMax) {
      endHandshake(server, false)
      return forget(host, server)
    }
    server.retries++
    send(host, server.peer, { kind: "Accepted" })
  })
}

/** Something that `end` sent, or the acknowledgement of it, did not arrive. */
export const start = (end: Endpoint): void => {
  if (end.timer !== undefined || end.phase !== "established" || !waitsForPeer(end)) return
  const nanos = Math.min(rtoMinNanos * 2 ** end.retries, rtoMaxNanos)
  startTimer(end, nanos, (host) => {
    if (end.phase !== "established" || !waitsForPeer(end)) return
    if (end.retries >= (end.isOrphan ? orphanRetriesMax : retriesMax)) {
      return fail(host, end, end.softError ?? "timedOut")
    }
    end.retries++
    sendAgain(host, end)
  })
}

const waitsForPeer = (end: Endpoint): boolean => end.flight!.length > 0 || end.unsent.bytes > 0

// The peer holds what came after a gap (selective acknowledgements), so only what is missing there
// is sent. Nothing under way: the peer's window is closed, and its opening may have been lost.
const sendAgain = (host: Host, end: Endpoint): void => {
  const { flight, peer } = end
  if (flight!.length === 0) return send(host, peer, { kind: "Probe" })
  for (const packet of flight!) {
    if (packet === flight![0] || !peer!.early.includes(packet)) send(host, peer, packet)
  }
}

const startTimer = (end: Endpoint, nanos: number, fire: (host: Host) => void): void => {
  const { host } = end
  end.timer = host.timeline.after(nanos, end.lane, () => {
    end.timer = undefined
    if (host.isUp) fire(host)
  })
}

/**
 * `acknowledged` came: what it covers is forgotten, and a gap is filled when it is plain.
 * `isWider`: it says something new about the window.
 */
export const acknowledgedUpTo = (
  host: Host,
  end: Endpoint,
  acknowledged: number,
  isWider: boolean
): void => {
  const { flight } = end
  let count = 0
  while (count < flight!.length && endOf(flight![count]!) <= acknowledged) count++
  if (count > 0) {
    flight!.splice(0, count)
    end.retries = 0
    end.duplicates = 0
    end.softError = undefined
    const wasWaiting = end.timer !== undefined
    stopTimer(host, end)
    if (wasWaiting) start(end)
  } else if (!isWider && flight!.length > 0 && ++end.duplicates === duplicatesMax) {
    send(host, end.peer, flight![0]!)
  }
}

/**
 * Our program closed, the peer has our end, and its own may never come (FIN_WAIT2): after
 * net.ipv4.tcp_fin_timeout the kernel stops waiting.
 */
export const holdForPeersEnd = (end: Endpoint): void => {
  const isOver = end.isOrphan && end.endSent && end.acknowledged === end.sent
  if (!isOver || end.phase !== "established" || end.timer !== undefined) return
  startTimer(end, finTimeoutNanos, (host) => forget(host, end))
}

/** The number after a packet's last byte; the end counts as one. */
export const endOf = (packet: Sequenced): number =>
  packet.at + (packet.kind === "Data" ? packet.bytes.length : 1)
