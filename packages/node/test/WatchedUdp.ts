/**
 * Datagram ports of either host, watched: what came becomes a list, and a test waits for the next
 * event, never for time. Every event is checked for its bracket: core relies on being inside a
 * turn.
 */
import {
  type BindRequest,
  type DatagramEvents,
  type DatagramPort,
  type InetPortAddress,
  type OutgoingDatagram,
  PortFailure,
  type TurnPort,
  type TurnTask,
  type UdpPort
} from "@portico/core/port/index"
import * as NodeTurn from "@portico/node/NodeTurn"

class WatchedTurn implements TurnPort {
  depth = 0
  private readonly turn = NodeTurn.make()
  enter(): void {
    this.depth++
    this.turn.enter()
  }
  leave(): void {
    this.turn.leave()
    this.depth--
  }
  atEnd(task: TurnTask): void {
    this.turn.atEnd(task)
  }
  later(callback: () => void): void {
    this.turn.later(callback)
  }
}

export const inet = (host: string, port = 0): InetPortAddress => ({ _tag: "Inet", host, port })

export interface Received {
  readonly bytes: Uint8Array
  readonly from: InetPortAddress
}

export const text = ({ bytes }: Received): string => new TextDecoder().decode(bytes)

export const bytesOf = (message: string): Uint8Array => new TextEncoder().encode(message)

export class UdpSide implements DatagramEvents {
  readonly port: DatagramPort
  readonly received: Array<Received> = []
  readonly refusals: Array<PortFailure> = []
  writables = 0
  closes = 0
  private readonly turn: WatchedTurn
  private waiting: Array<{ readonly until: () => boolean; readonly resolve: () => void }> = []

  constructor(turn: WatchedTurn, port: DatagramPort) {
    this.turn = turn
    this.port = port
    port.attach(this)
  }

  onDatagram(bytes: Uint8Array, from: InetPortAddress, truncated: boolean): void {
    if (truncated) throw new Error("A host reads datagrams of any length")
    this.note(() => this.received.push({ bytes, from }))
  }
  onWritable(): void {
    this.note(() => this.writables++)
  }
  onRefused(failure: PortFailure): void {
    this.note(() => this.refusals.push(failure))
  }
  onClosed(): void {
    this.note(() => this.closes++)
  }

  private note(event: () => void): void {
    if (this.turn.depth === 0) throw new Error("An event came outside a turn")
    if (this.closes > 0) throw new Error("An event came after the close")
    event()
    const waiting = this.waiting
    this.waiting = []
    for (const waiter of waiting) {
      if (waiter.until()) waiter.resolve()
      else this.waiting.push(waiter)
    }
  }

  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve()
    return new Promise((resolve) => this.waiting.push({ until: condition, resolve }))
  }

  /** The texts of what was received, once there are so many. */
  async texts(count: number): Promise<ReadonlyArray<string>> {
    await this.until(() => this.received.length >= count)
    return this.received.map(text)
  }

  get address(): InetPortAddress {
    return this.port.localAddress
  }

  trySend(...batch: ReadonlyArray<OutgoingDatagram>): number | PortFailure {
    return this.port.trySend(batch)
  }

  /** Sends all, as core does: what was not taken is offered again. Throws what cannot be sent. */
  send(to: InetPortAddress | undefined, ...messages: ReadonlyArray<string>): void {
    let rest = messages.map((message) => ({ bytes: bytesOf(message), to }))
    while (rest.length > 0) {
      const taken = orThrow(this.port.trySend(rest))
      if (taken === 0) throw new Error("The host is full")
      rest = rest.slice(taken)
    }
  }

  async close(): Promise<void> {
    this.port.close()
    await this.until(() => this.closes > 0)
  }
}

export const reasonOf = (outcome: unknown): string =>
  outcome instanceof PortFailure ? outcome.reason._tag : `not a failure: ${String(outcome)}`

export const orThrow = <A>(outcome: A | PortFailure): A => {
  if (outcome instanceof PortFailure) throw new Error(outcome.reason._tag, { cause: outcome.cause })
  return outcome
}

export const bindRequest = (
  address: InetPortAddress,
  options?: Partial<BindRequest>
): BindRequest => ({
  address,
  reuseAddress: false,
  reusePort: false,
  ipv6Only: false,
  kernelReceiveBytes: undefined,
  kernelSendBytes: undefined,
  ...options
})

export class UdpWorld {
  readonly turn = new WatchedTurn()
  readonly udp: UdpPort
  private readonly sides: Array<UdpSide> = []

  constructor(make: (turn: TurnPort) => UdpPort) {
    this.udp = make(this.turn)
  }

  tryBind(
    address: InetPortAddress,
    options?: Partial<BindRequest>
  ): Promise<UdpSide | PortFailure> {
    let isLater = false
    const check = () => {
      if (!isLater) throw new Error("The port answered from inside the call")
      if (this.turn.depth === 0) throw new Error("The port answered outside a turn")
    }
    return new Promise((resolve) => {
      this.udp.bind(bindRequest(address, options), {
        onBound: (port) => {
          check()
          const side = new UdpSide(this.turn, port)
          this.sides.push(side)
          resolve(side)
        },
        onFailed: (failure) => {
          check()
          resolve(failure)
        }
      })
      isLater = true
    })
  }

  async bind(host = "127.0.0.1", options?: Partial<BindRequest>, port = 0): Promise<UdpSide> {
    return orThrow(await this.tryBind(inet(host, port), options))
  }

  /** Where nothing listens any more. */
  async deadAddress(): Promise<InetPortAddress> {
    const side = await this.bind()
    await side.close()
    return side.address
  }

  /** Closes what a test left open. */
  async closeAll(): Promise<void> {
    for (const side of this.sides.splice(0)) if (side.closes === 0) await side.close()
  }
}
