/** Datagrams on their way to the host, and how far they are. */
import type * as Effect from "effect/Effect"
import type { IoError } from "../../IoError.ts"
import type { PortFailure } from "../../port/PortFailure.ts"
import type { OutgoingDatagram } from "../../port/UdpPort.ts"

/** What is known to fail before the host is asked, once those before it have gone. */
export interface Stopper {
  readonly datagram: OutgoingDatagram
  readonly failure: PortFailure
}

export class SendRequest {
  readonly operation: string
  readonly batch: ReadonlyArray<OutgoingDatagram>
  readonly stopper: Stopper | undefined
  /** How many the host took. */
  taken = 0
  /** What the one after those failed with: the rest does not go. */
  failure: PortFailure | undefined = undefined
  fiberId = 0
  resume: ((effect: Effect.Effect<void, IoError>) => void) | undefined = undefined

  constructor(operation: string, batch: ReadonlyArray<OutgoingDatagram>, stopper?: Stopper) {
    this.operation = operation
    this.batch = batch
    this.stopper = stopper
  }

  get isDone(): boolean {
    return this.failure !== undefined || this.taken === this.batch.length
  }

  /** The first that was not taken, and why, once this is done. */
  get stoppedBy(): Stopper | undefined {
    const { failure } = this
    return failure === undefined ? this.stopper : { datagram: this.batch[this.taken]!, failure }
  }

  get rest(): ReadonlyArray<OutgoingDatagram> {
    return this.taken === 0 ? this.batch : this.batch.slice(this.taken)
  }

  get bytesLeft(): number {
    return this.rest.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }
}
