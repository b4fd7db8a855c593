/** A packet arrives at one end of a connection. */
import { type Endpoint, isReadable, roomToWrite } from "./Endpoint.ts"
import { admitNext } from "./Handshake.ts"
import { Edge, type Host } from "./Host.ts"
import { endHandshake } from "./Listener.ts"
import { abort, fail, forgetIfDone } from "./Teardown.ts"
import { acknowledge, transmit } from "./Transfer.ts"
import { type Packet, send } from "./Wire.ts"

export const arrive = (host: Host, to: Endpoint, packet: Packet): void => {
  if (packet.kind === "Accepted") return acceptedArrived(host, to)
  if (packet.kind === "Refused") {
    return to.phase === "connecting" ? fail(host, to, "connectionRefused") : undefined
  }
  // A connection that failed, or was reset or ended from here, has nobody left to answer: its other
  // end knows, or is about to.
  if (to.phase !== "established") return
  if (packet.kind === "Data") dataArrived(host, to, packet.bytes)
  else if (packet.kind === "Ack") ackArrived(host, to, packet.acknowledged, packet.limit)
  else if (packet.kind === "End") endArrived(host, to, packet.isClosed)
  else if (packet.kind === "Confirmed") endHandshake(to, true)
  else resetArrived(host, to)
}

// Who gave up connecting meanwhile answers with RST.
const acceptedArrived = (host: Host, to: Endpoint): void => {
  if (to.phase !== "connecting") return send(host, to.peer, { kind: "Reset" })
  to.phase = "established"
  send(host, to.peer, { kind: "Confirmed" })
  to.watcher?.changed(Edge.writable)
}

// During the handshake it takes the connection back: nobody here will ever see it.
const resetArrived = (host: Host, to: Endpoint): void => {
  const listener = endHandshake(to, false)
  fail(host, to, "connectionReset")
  if (listener !== undefined) admitNext(host, listener)
}

const dataArrived = (host: Host, to: Endpoint, bytes: Uint8Array): void => {
  // Nobody will read it any more, and the sender has to know.
  if (to.isOrphan) return abort(host, to)
  const wasReadable = isReadable(to)
  to.received += bytes.length
  to.unread.push(bytes)
  acknowledge(host, to)
  if (!wasReadable) to.watcher?.changed(Edge.readable)
}

const ackArrived = (host: Host, to: Endpoint, acknowledged: number, limit: number): void => {
  to.acknowledged = Math.max(to.acknowledged, acknowledged)
  to.limit = Math.max(to.limit, limit)
  transmit(host, to)
  forgetIfDone(host, to)
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
