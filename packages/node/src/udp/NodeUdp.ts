/** The `UdpPort` over `node:dgram`. */
import * as Dgram from "node:dgram"
import {
  type Attempt,
  type BindEvents,
  type BindRequest,
  type DatagramPort,
  PortFailure,
  raise,
  type TurnPort,
  type UdpPort
} from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import { failureOf } from "../NodeErrno.ts"
import * as NodeUdpHandle from "./NodeUdpHandle.ts"
import { NodeUdpOutbox } from "./NodeUdpOutbox.ts"
import { NodeUdpSocket } from "./NodeUdpSocket.ts"

export const make = (turn: TurnPort): UdpPort => {
  const sockets = new Sockets(turn)
  return { bind: (request, events) => new Binding(turn, sockets, request, events) }
}

/** What the sockets of one backend share: made with the first of them. */
class Sockets {
  private readonly turn: TurnPort
  private outbox: NodeUdpOutbox | undefined

  constructor(turn: TurnPort) {
    this.turn = turn
  }

  /** The port over a socket that is bound; throws what Node throws. */
  open(socket: Dgram.Socket, request: BindRequest): NodeUdpSocket | PortFailure {
    const { kernelReceiveBytes, kernelSendBytes } = request
    const handle = NodeUdpHandle.find(socket)
    const outbox = handle && (this.outbox ??= makeOutbox(socket, handle))
    if (handle === undefined || outbox === undefined) {
      return new PortFailure(Reason.Unsupported({ capability: "udp", backend: "node" }))
    }
    if (kernelReceiveBytes !== undefined) socket.setRecvBufferSize(kernelReceiveBytes)
    if (kernelSendBytes !== undefined) socket.setSendBufferSize(kernelSendBytes)
    return new NodeUdpSocket(this.turn, socket, handle, outbox)
  }
}

const makeOutbox = (socket: Dgram.Socket, handle: NodeUdpHandle.UdpHandle) => {
  const requestClass = NodeUdpHandle.requestClass(socket, handle)
  return requestClass && new NodeUdpOutbox(requestClass)
}

// Ours are literals. Node's own lookup waits for a tick even then.
const answerAtOnce = (
  host: string,
  family: number,
  callback: (error: null, host: string, family: number) => void
) => callback(null, host, family)

class Binding implements Attempt {
  private readonly turn: TurnPort
  private readonly sockets: Sockets
  private readonly request: BindRequest
  private readonly events: BindEvents
  private readonly socket: Dgram.Socket
  private isDone = false
  private readonly onError = (error: Error) => this.settle(failureOf(error))

  constructor(turn: TurnPort, sockets: Sockets, request: BindRequest, events: BindEvents) {
    this.turn = turn
    this.sockets = sockets
    this.request = request
    this.events = events
    const { address, ipv6Only, reuseAddress: reuseAddr, reusePort } = request
    const type = address.host.includes(":") ? "udp6" : "udp4"
    const options = { type, reuseAddr, reusePort, ipv6Only, lookup: answerAtOnce } as const
    this.socket = Dgram.createSocket(options as Dgram.SocketOptions)
    this.socket.on("error", this.onError)
    this.socket.once("listening", () => this.onListening())
    // Exclusive: the workers of a cluster share a port by `reusePort`, and by nothing else.
    this.socket.bind({ address: address.host, port: address.port, exclusive: true })
  }

  cancel(): void {
    if (this.isDone) return
    this.isDone = true
    this.socket.close()
  }

  private onListening(): void {
    this.socket.off("error", this.onError)
    try {
      this.settle(this.sockets.open(this.socket, this.request))
    } catch (error) {
      this.settle(failureOf(error))
    }
  }

  // Node answers inside `bind`. A microtask comes after that, and before the first datagram.
  private settle(outcome: DatagramPort | PortFailure): void {
    queueMicrotask(() => {
      if (this.isDone) return
      this.isDone = true
      raise(this.turn, () => {
        if (outcome instanceof PortFailure) this.fail(outcome)
        else this.events.onBound(outcome)
      })
    })
  }

  private fail(failure: PortFailure): void {
    this.socket.close()
    this.events.onFailed(failure)
  }
}
