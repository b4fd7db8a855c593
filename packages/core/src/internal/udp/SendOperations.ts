/** The sends of a datagram socket as effects. They are values: run twice, they send twice. */
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import type { InetInput } from "../../Address.ts"
import type { IoError } from "../../IoError.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import type { OutgoingDatagram as Outgoing } from "../../port/UdpPort.ts"
import { Reason } from "../../Reason.ts"
import type { OutgoingDatagram } from "../../UdpSocket.ts"
import * as Check from "../Check.ts"
import { checkPresence } from "./Destinations.ts"
import type { Senders } from "./Senders.ts"
import { SendRequest } from "./SendRequest.ts"
import { batchMax } from "./UdpArguments.ts"
import type { UdpHandle } from "./UdpHandle.ts"

type Refusal = Effect.Effect<never, IoError> | undefined

/** One datagram: sent at once where nobody waits and the host takes it. */
export class Send extends Effectable.Class<void, IoError> {
  private readonly socket: UdpHandle
  private readonly senders: Senders
  private readonly datagram: OutgoingDatagram

  constructor(socket: UdpHandle, senders: Senders, datagram: OutgoingDatagram) {
    super()
    this.socket = socket
    this.senders = senders
    this.datagram = datagram
  }

  override asEffect(): Effect.Effect<void, IoError> {
    const { senders, socket } = this
    const operation = "UdpSocket.send"
    const refusal = checkDestination(socket, operation, "to", this.datagram.to)
    if (refusal !== undefined) return refusal
    const failure = socket.takeFailure(operation)
    if (failure !== undefined) return Effect.fail(failure)
    const { bytes, to } = this.datagram
    const address = to === undefined ? undefined : socket.destinations.resolve(to)
    if (senders.isWaiting || bytes.length > socket.bytesMax(address)) {
      return senders.submit(requestFor(socket, operation, [this.datagram]))
    }
    // Mostly the host takes it, and nothing has to be remembered.
    const batch = [{ bytes: socket.lendable(bytes), to: address }]
    const outcome = senders.offer(batch)
    if (outcome === 1) return Effect.void
    const request = new SendRequest(operation, batch)
    if (outcome === 0) return senders.submit(request)
    request.failure = outcome as PortFailure
    return socket.sent(request)
  }
}

/** Several in order, with as few calls of the host as it needs. */
export class SendBatch extends Effectable.Class<void, IoError> {
  private readonly socket: UdpHandle
  private readonly senders: Senders
  private readonly batch: ReadonlyArray<OutgoingDatagram>

  constructor(socket: UdpHandle, senders: Senders, batch: ReadonlyArray<OutgoingDatagram>) {
    super()
    this.socket = socket
    this.senders = senders
    this.batch = batch
  }

  override asEffect(): Effect.Effect<void, IoError> {
    const operation = "UdpSocket.sendBatch"
    const refusal = refusalOfBatch(this.socket, operation, this.batch)
    return refusal ?? this.senders.submit(requestFor(this.socket, operation, this.batch))
  }
}

/** What of a batch the host takes at once; gives the count. */
export class TrySendBatch extends Effectable.Class<number, IoError> {
  private readonly socket: UdpHandle
  private readonly senders: Senders
  private readonly batch: ReadonlyArray<OutgoingDatagram>

  constructor(socket: UdpHandle, senders: Senders, batch: ReadonlyArray<OutgoingDatagram>) {
    super()
    this.socket = socket
    this.senders = senders
    this.batch = batch
  }

  override asEffect(): Effect.Effect<number, IoError> {
    const { senders, socket } = this
    const operation = "UdpSocket.trySendBatch"
    const refusal = refusalOfBatch(socket, operation, this.batch)
    if (refusal !== undefined) return refusal
    const request = requestFor(socket, operation, this.batch)
    if (senders.isWaiting) return Effect.succeed(0)
    if (request.batch.length > 0) {
      const outcome = senders.offer(request.batch)
      if (outcome instanceof PortFailure) request.failure = outcome
      else request.taken = outcome
    }
    const isStopped = request.taken === 0 && request.isDone && request.stoppedBy !== undefined
    return isStopped ? Effect.as(socket.sent(request), 0) : Effect.succeed(request.taken)
  }
}

const refusalOfBatch = (
  socket: UdpHandle,
  operation: string,
  batch: ReadonlyArray<OutgoingDatagram>
): Refusal => {
  if (batch.length > batchMax) {
    return Check.invalid(operation, "batch", `at most ${batchMax} datagrams`, batch.length)
  }
  for (const [index, { to }] of batch.entries()) {
    const refusal = checkDestination(socket, operation, `batch[${index}].to`, to)
    if (refusal !== undefined) return refusal
  }
  const failure = socket.takeFailure(operation)
  return failure === undefined ? undefined : Effect.fail(failure)
}

const checkDestination = (
  socket: UdpHandle,
  operation: string,
  argument: string,
  to: InetInput | undefined
): Refusal =>
  checkPresence(operation, argument, socket.isConnected, to) ??
  (to === undefined ? undefined : socket.destinations.check(operation, argument, to))

/** What the host is to be asked: those up to the first that is too long. */
const requestFor = (
  socket: UdpHandle,
  operation: string,
  batch: ReadonlyArray<OutgoingDatagram>
): SendRequest => {
  const asked: Array<Outgoing> = []
  for (const { bytes, to } of batch) {
    const address = to === undefined ? undefined : socket.destinations.resolve(to)
    const bytesMax = socket.bytesMax(address)
    if (bytes.length > bytesMax) {
      const failure = new PortFailure(Reason.MessageTooLarge({ bytesMax }))
      return new SendRequest(operation, asked, { datagram: { bytes, to: address }, failure })
    }
    asked.push({ bytes: socket.lendable(bytes), to: address })
  }
  return new SendRequest(operation, asked)
}
