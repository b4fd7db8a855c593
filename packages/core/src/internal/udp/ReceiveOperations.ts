/** The receives of a datagram socket as effects. They are values: run twice, they receive twice. */
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import * as Option from "effect/Option"
import type { IoError } from "../../IoError.ts"
import type { Datagram } from "../../UdpSocket.ts"
import { orRetry } from "../orRetry.ts"
import type { Receivers, Taken } from "./Receivers.ts"
import type { UdpHandle } from "./UdpHandle.ts"

/** The next datagram, or an array of at most `countMax`. */
export class Receive<A extends Taken> extends Effectable.Class<A, IoError> {
  readonly operation: string
  readonly countMax: number | undefined
  private readonly socket: UdpHandle
  private readonly receivers: Receivers
  // Made once, so that a receive allocates nothing but what it waits with.
  private taking: Effect.Effect<A, IoError> | undefined = undefined
  private waiting: Effect.Effect<A, IoError> | undefined = undefined

  constructor(
    socket: UdpHandle,
    receivers: Receivers,
    operation: string,
    countMax: number | undefined
  ) {
    super()
    this.socket = socket
    this.receivers = receivers
    this.operation = operation
    this.countMax = countMax
  }

  override asEffect(): Effect.Effect<A, IoError> {
    const failure = this.socket.takeFailure(this.operation)
    if (failure !== undefined) return Effect.fail(failure)
    return this.receivers.isAvailable ? this.taken : this.suspended
  }

  // The run loop may yield between looking and taking: whoever finds nothing then looks again.
  private get taken(): Effect.Effect<A, IoError> {
    return (this.taking ??= orRetry(
      Effect.sync(() => this.receivers.take(this.countMax) as A),
      this
    ))
  }

  private get suspended(): Effect.Effect<A, IoError> {
    return (this.waiting ??= Effect.callback((resume) => {
      if (this.socket.hasFailure || this.receivers.isAvailable) return resume(this)
      return this.receivers.register(this.operation, this.countMax, resume)
    }))
  }
}

/** The next datagram if there is one that nobody waits for. */
export class TryReceive extends Effectable.Class<Option.Option<Datagram>, IoError> {
  private readonly socket: UdpHandle
  private readonly taking: Effect.Effect<Option.Option<Datagram>>

  constructor(socket: UdpHandle, receivers: Receivers) {
    super()
    this.socket = socket
    this.taking = Effect.sync(() =>
      receivers.isAvailable ? Option.some(receivers.take(undefined) as Datagram) : Option.none()
    )
  }

  override asEffect(): Effect.Effect<Option.Option<Datagram>, IoError> {
    const failure = this.socket.takeFailure("UdpSocket.tryReceive")
    return failure === undefined ? this.taking : Effect.fail(failure)
  }
}
