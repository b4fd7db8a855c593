/**
 * The ports, watched: events become a list, and a test waits for the next one, never for time.
 *
 * Every event is checked for its bracket: core may rely on being inside a turn.
 */
import type {
  ConnectRequest,
  ListenerEvents,
  ListenerPort,
  ListenRequest,
  PortAddress,
  StreamEvents,
  StreamPort,
  TurnPort,
  TurnTask
} from "@portico/core/port/index"
import { PortFailure } from "@portico/core/port/index"
import * as NodeTcp from "../src/NodeTcp.ts"
import * as NodeTurn from "../src/NodeTurn.ts"

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

export const turn = new WatchedTurn()
export const tcp = NodeTcp.make(turn, process.platform)

/** Events by name, in order, and a wait for a condition that some event makes true. */
class Watch {
  readonly events: Array<string> = []
  private waiting: Array<{ readonly until: () => boolean; readonly resolve: () => void }> = []

  protected note(event: string): void {
    if (turn.depth === 0) throw new Error(`${event} came outside a turn`)
    this.events.push(event)
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

  seen(event: string): Promise<void> {
    return this.until(() => this.events.includes(event))
  }
}

export class Side extends Watch implements StreamEvents {
  readonly port: StreamPort
  /** Runs inside `onReadable`, as core's readers do. */
  reader: (() => void) | undefined = undefined

  constructor(port: StreamPort) {
    super()
    this.port = port
    port.attach(this)
  }

  onReadable(): void {
    this.reader?.()
    this.note("readable")
  }
  onWritable(): void {
    this.note("writable")
  }
  onClosed(): void {
    this.note("closed")
  }

  /** Takes bytes until the reading is over; answers them and what it ended with. */
  async drain(): Promise<{ readonly bytes: Uint8Array; readonly over: "End" | PortFailure }> {
    const chunks: Array<Uint8Array> = []
    for (;;) {
      await this.until(() => this.port.readable)
      const outcome = this.port.tryRead(1 << 20, true)
      if (outcome === "End" || outcome instanceof PortFailure) {
        return { bytes: Buffer.concat(chunks), over: outcome }
      }
      if (outcome === "WouldBlock") throw new Error("readable, but tryRead would block")
      chunks.push(outcome)
    }
  }

  async close(): Promise<void> {
    this.port.close()
    await this.seen("closed")
  }
}

export class Listening extends Watch implements ListenerEvents {
  readonly port: ListenerPort
  /** Runs inside `onAcceptable`. */
  acceptor: (() => void) | undefined = undefined

  constructor(port: ListenerPort) {
    super()
    this.port = port
    port.attach(this)
  }

  onAcceptable(): void {
    this.acceptor?.()
    this.note("acceptable")
  }
  onClosed(): void {
    this.note("closed")
  }

  async accept(): Promise<Side> {
    await this.until(() => this.port.acceptable)
    const accepted = this.port.tryAccept()
    if (accepted instanceof PortFailure || typeof accepted === "string") {
      throw new Error("acceptable, but nothing to accept", { cause: accepted })
    }
    return new Side(accepted)
  }

  async close(): Promise<void> {
    this.port.close()
    await this.seen("closed")
  }
}

export const loopback: PortAddress = { _tag: "Inet", host: "127.0.0.1", port: 0 }

export const listenRequest = (
  address: PortAddress,
  options?: Partial<ListenRequest>
): ListenRequest => ({
  address,
  backlog: undefined,
  acceptQueueMax: 16,
  reusePort: false,
  ipv6Only: false,
  noDelay: true,
  mode: undefined,
  ...options
})

/** That an answer does not come from inside the call, where core is not ready for it. */
class Later {
  private begun = false
  begin(): void {
    this.begun = true
  }
  check(): void {
    if (!this.begun) throw new Error("The port answered from inside the call")
  }
}

export const tryListen = (
  address: PortAddress,
  options?: Partial<ListenRequest>
): Promise<Listening | PortFailure> =>
  new Promise((resolve) => {
    const later = new Later()
    tcp.listen(listenRequest(address, options), {
      onListening: (port) => {
        later.check()
        resolve(new Listening(port))
      },
      onFailed: (failure) => {
        later.check()
        resolve(failure)
      }
    })
    later.begin()
  })

export const tryConnect = (
  address: PortAddress,
  options?: Partial<ConnectRequest>
): Promise<Side | PortFailure> =>
  new Promise((resolve) => {
    const later = new Later()
    tcp.connect(
      { address, local: undefined, noDelay: true, ...options },
      {
        onConnected: (port) => {
          later.check()
          resolve(new Side(port))
        },
        onFailed: (failure) => {
          later.check()
          resolve(failure)
        }
      }
    )
    later.begin()
  })

const orThrow = <A>(outcome: A | PortFailure): A => {
  if (outcome instanceof PortFailure) throw new Error(outcome.reason._tag, { cause: outcome.cause })
  return outcome
}

export const listen = async (
  address: PortAddress = loopback,
  options?: Partial<ListenRequest>
): Promise<Listening> => orThrow(await tryListen(address, options))

export const connect = async (
  address: PortAddress,
  options?: Partial<ConnectRequest>
): Promise<Side> => orThrow(await tryConnect(address, options))

/** Both ends of a connection, whose listener is closed already. */
export const pair = async (
  address: PortAddress = loopback
): Promise<{ readonly client: Side; readonly server: Side }> => {
  const listening = await listen(address)
  const [client, server] = await Promise.all([
    connect(listening.port.localAddress),
    listening.accept()
  ])
  await listening.close()
  return { client, server }
}

/** Waits until the loop has polled, and reported whatever the kernel had when this was called. */
export const loopTurned = async (): Promise<void> => {
  const { client, server } = await pair()
  await Promise.all([client.close(), server.close()])
}

export const reasonOf = (outcome: unknown): string =>
  outcome instanceof PortFailure ? outcome.reason._tag : `not a failure: ${String(outcome)}`

export const bytes = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => index % 251)

/** Writes until the kernel is full, and libuv reads our memory; answers how much was taken. */
export const fill = (port: StreamPort): number => {
  const block = bytes(1 << 20)
  let total = 0
  while (!port.lent) {
    const taken = port.tryWrite(block)
    if (taken instanceof PortFailure) throw new Error(taken.reason._tag)
    total += taken
  }
  return total
}
