/** The sending side of one datagram socket: those who wait because the host is full, in order. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Wait } from "../../Handle.ts"
import type { IoError } from "../../IoError.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import type { DatagramPort, OutgoingDatagram } from "../../port/UdpPort.ts"
import { checkPresence } from "./Destinations.ts"
import type { SendRequest } from "./SendRequest.ts"
import type { UdpHandle } from "./UdpHandle.ts"
import { WaitList } from "../WaitList.ts"

export class Senders {
  datagramsSent = 0
  bytesSent = 0
  /** Fibers that wait for room, and send nothing. */
  readonly writable = new WaitList()
  private readonly socket: UdpHandle
  private readonly port: DatagramPort
  private readonly requests: Array<SendRequest> = []
  /** The host said so, and will say when it is not any more. */
  private isFull = false

  constructor(socket: UdpHandle, port: DatagramPort) {
    this.socket = socket
    this.port = port
  }

  get waits(): ReadonlyArray<Wait> {
    return [...this.requests, ...this.writable.waits]
  }

  get isWaiting(): boolean {
    return this.requests.length > 0
  }

  get isWritable(): boolean {
    return !this.isFull && this.requests.length === 0
  }

  get bytesQueued(): number {
    return this.requests.reduce((sum, { bytesLeft }) => sum + bytesLeft, 0)
  }

  /** Offers datagrams to the host, once: how many it took. */
  offer(batch: ReadonlyArray<OutgoingDatagram>): number | PortFailure {
    const outcome = this.port.trySend(batch)
    if (outcome instanceof PortFailure) {
      this.socket.noteRefusal(outcome)
      return outcome
    }
    this.isFull = outcome === 0
    this.datagramsSent += outcome
    for (let at = 0; at < outcome; at++) this.bytesSent += batch[at]!.bytes.length
    return outcome
  }

  /** Brings a request as far as it goes now; false when the host is full. */
  private advance(request: SendRequest): boolean {
    while (!request.isDone) {
      const outcome = this.offer(request.rest)
      if (outcome instanceof PortFailure) request.failure = outcome
      else if (outcome === 0) return false
      else request.taken += outcome
    }
    return true
  }

  /** Runs a request now if nobody waits and the host takes it; false when it has to wait. */
  run(request: SendRequest): boolean {
    return this.requests.length === 0 && this.advance(request)
  }

  /**
   * Runs a request now, or behind those that wait. All in one step: between looking and queueing,
   * the run loop could yield to another sender, who would overtake.
   */
  submit(request: SendRequest): Effect.Effect<void, IoError> {
    return Effect.callback<void, IoError>((resume) => {
      const { socket } = this
      if (socket.isClosing) return resume(Effect.fail(socket.closedError(request.operation)))
      // The run loop may have yielded to somebody who connected or disconnected the socket.
      const { batch, operation } = request
      const refusal =
        batch.length === 0
          ? undefined
          : checkPresence(operation, "to", socket.isConnected, batch[0]!.to)
      if (refusal !== undefined) return resume(refusal)
      if (this.run(request)) return resume(socket.sent(request))
      request.resume = resume
      request.fiberId = Fiber.getCurrent()?.id ?? 0
      this.requests.push(request)
      return Effect.sync(() => {
        const place = this.requests.indexOf(request)
        if (place !== -1) this.requests.splice(place, 1)
      })
    })
  }

  /** The host may take more: requests in order, each told when it is done, then those who look. */
  pump(): void {
    const { requests } = this
    this.isFull = false
    while (requests.length > 0) {
      const request = requests[0]!
      if (!this.advance(request)) return
      requests.shift()
      request.resume!(this.socket.sent(request))
    }
    this.writable.wakeAll()
  }

  /** Nothing is sent any more. */
  close(): void {
    for (const { operation, resume } of this.requests.splice(0)) {
      resume!(Effect.fail(this.socket.closedError(operation)))
    }
    this.writable.wakeAll()
  }
}
