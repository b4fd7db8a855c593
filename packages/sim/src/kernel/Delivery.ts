/** A packet arrives at one end of a connection. */
import { type Endpoint, isReadable, roomToWrite } from "./Endpoint.ts"
import { admitNext } from "./Handshake.ts"
import { Edge, type Host } from "./Host.ts"
import { endHandshake } from "./Listener.ts"
import { abort, fail, forgetIfDone, stopTimer } from "./Teardown.ts"
import { acknowledgedUpTo, endOf, holdForPeersEnd } from "./Retransmission.ts"
import { acknowledge, transmit } from "./Transfer.ts"
import { type Packet, send, type Sequenced } from "./Wire.ts"

export const arrive = (host: Host, to: Endpoint, packet: Packet): void => {
  // The host had no power meanwhile: it knows nothing of this connection.
  if (to.host !== host) return answerStranger(host, to, packet)
  to.heardAt = host.timeline.now
  if (packet.kind === "Accepted") return acceptedArrived(host, to)
  if (packet.kind === "Refused") {
    return to.phase === "connecting" ? fail(host, to, "connectionRefused") : undefined
  }
  if (to.phase !== "established") return lateArrived(host, to, packet)
  // Whoever goes on knows that it was accepted, whatever became of the packet that said so.
  if (to.handshakeFor !== undefined && packet.kind !== "Reset") confirmed(host, to)
  if (packet.kind === "Data" || packet.kind === "End") sequencedArrived(host, to, packet)
  else if (packet.kind === "Ack") ackArrived(host, to, packet.acknowledged, packet.limit)
  else if (packet.kind === "Probe") acknowledge(host, to)
  else if (packet.kind === "Reset") resetArrived(host, to)
}

const confirmed = (host: Host, to: Endpoint): void => {
  endHandshake(to, true)
  to.retries = 0
  stopTimer(host, to)
}

// A connection that failed, or was reset or ended from here, has nobody left to answer: where
// nothing is lost, its other end knows, or is about to.
const lateArrived = (host: Host, to: Endpoint, packet: Packet): void => {
  if (to.flight === undefined || packet.kind === "Reset") return
  if (to.lingersUntil > host.timeline.now) {
    if (packet.kind !== "Ack") acknowledge(host, to)
  } else answerStranger(host, to, packet)
}

const answerStranger = (host: Host, to: Endpoint, packet: Packet): void => {
  const { peer } = to
  if (packet.kind === "Reset" || peer === undefined || peer.phase === "gone") return
  send(host, peer, { kind: "Reset" })
}

// Who gave up connecting meanwhile answers with RST.
const acceptedArrived = (host: Host, to: Endpoint): void => {
  // It was sent again, because it is not known there that it came.
  if (to.phase === "established") return send(host, to.peer, { kind: "Confirmed" })
  if (to.phase !== "connecting") return send(host, to.peer, { kind: "Reset" })
  to.phase = "established"
  to.retries = 0
  stopTimer(host, to)
  send(host, to.peer, { kind: "Confirmed" })
  to.watcher?.changed(Edge.writable)
}

// During the handshake it takes the connection back: nobody here will ever see it.
const resetArrived = (host: Host, to: Endpoint): void => {
  const listener = endHandshake(to, false)
  fail(host, to, "connectionReset")
  if (listener !== undefined) admitNext(host, listener)
}

const sequencedArrived = (host: Host, to: Endpoint, packet: Sequenced): void => {
  if (packet.at !== to.received && to.flight !== undefined) {
    // What came before is acknowledged again; what is early waits for what is missing.
    if (packet.at > to.received && !to.early.includes(packet)) to.early.push(packet)
    return acknowledge(host, to)
  }
  take(host, to, packet)
  while (to.early.length > 0 && to.phase === "established") {
    const next = to.early.find(({ at }) => at === to.received)
    to.early = to.early.filter((early) => early !== next && endOf(early) > to.received)
    if (next === undefined) return
    take(host, to, next)
  }
}

const take = (host: Host, to: Endpoint, packet: Sequenced): void => {
  if (packet.kind === "Data") dataArrived(host, to, packet.bytes)
  else endArrived(host, to, packet.isClosed)
}

const dataArrived = (host: Host, to: Endpoint, bytes: Uint8Array): void => {
  host.site?.io.note("receive")
  if (!host.isUp) return
  // Nobody will read it any more, and the sender has to know.
  if (to.isOrphan) return abort(host, to)
  const wasReadable = isReadable(to)
  to.received += bytes.length
  to.unread.push(bytes)
  acknowledge(host, to)
  if (!wasReadable) to.watcher?.changed(Edge.readable)
}

const ackArrived = (host: Host, to: Endpoint, acknowledged: number, limit: number): void => {
  const isWider = limit > to.limit
  to.acknowledged = Math.max(to.acknowledged, acknowledged)
  to.limit = Math.max(to.limit, limit)
  if (to.flight !== undefined) acknowledgedUpTo(host, to, acknowledged, isWider)
  transmit(host, to)
  forgetIfDone(host, to)
  if (to.flight !== undefined) holdForPeersEnd(to)
  // As Linux: worth waking a writer for when a third of the buffer is free.
  if (to.writeBlocked && roomToWrite(host, to) * 3 >= host.options.sendBufferBytes) {
    to.writeBlocked = false
    to.watcher?.changed(Edge.writable)
  }
}

const endArrived = (host: Host, to: Endpoint, isClosed: boolean): void => {
  const wasReadable = isReadable(to)
  if (!to.endReceived) {
    to.endReceived = true
    to.received += 1
    acknowledge(host, to)
  }
  if (isClosed && to.family === "unix") {
    to.peerGone = true
    to.unsent.clear()
    to.watcher?.changed(Edge.readable | Edge.writable)
  } else if (!wasReadable) {
    to.watcher?.changed(Edge.readable)
  }
  forgetIfDone(host, to)
}
