/**
 * What every port of a host is held to, whatever it opens: its events and answers come inside a
 * turn, nothing comes after the close, and no answer comes from inside the call.
 *
 * A test waits for events, never for time.
 */
import {
  type InetPortAddress,
  PortFailure,
  type TurnPort,
  type TurnTask
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

/** Whoever attaches to one port. Each event is noted by its name once what it tells is stored. */
export abstract class Watch {
  abstract readonly port: { close(): void }
  readonly events: Array<string> = []
  protected readonly world: PortWorld
  private waiting: Array<{ readonly until: () => boolean; readonly resolve: () => void }> = []

  constructor(world: PortWorld) {
    this.world = world
    world.watches.push(this)
  }

  onClosed(): void {
    if (this.events.includes("closed")) throw new Error("closed came twice")
    this.note("closed")
  }

  protected note(event: string): void {
    if (this.world.turn.depth === 0) throw new Error(`${event} came outside a turn`)
    if (event !== "closed" && this.events.includes("closed")) {
      throw new Error(`${event} came after the close`)
    }
    this.events.push(event)
    const waiting = this.waiting
    this.waiting = []
    for (const waiter of waiting) {
      if (waiter.until()) waiter.resolve()
      else this.waiting.push(waiter)
    }
  }

  /** Waits for a condition that some event makes true. */
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve()
    return new Promise((resolve) => this.waiting.push({ until: condition, resolve }))
  }

  seen(event: string): Promise<void> {
    return this.until(() => this.events.includes(event))
  }

  count(event: string): number {
    return this.events.filter((name) => name === event).length
  }

  async close(): Promise<void> {
    this.port.close()
    await this.seen("closed")
  }
}

export abstract class PortWorld {
  readonly turn = new WatchedTurn()
  readonly watches: Array<Watch> = []

  /** The answer of a port to what `ask` asks of it. */
  protected answer<A>(ask: (answer: (outcome: A) => void) => void): Promise<A> {
    return new Promise((resolve) => {
      let isLater = false
      ask((outcome) => {
        if (!isLater) throw new Error("The port answered from inside the call")
        if (this.turn.depth === 0) throw new Error("The port answered outside a turn")
        resolve(outcome)
      })
      isLater = true
    })
  }

  /** Closes what a test left open, and waits until each has told so. */
  async closeAll(): Promise<void> {
    await Promise.all(this.watches.splice(0).map((watch) => watch.close()))
  }
}

export const reasonOf = (outcome: unknown): string =>
  outcome instanceof PortFailure ? outcome.reason._tag : `not a failure: ${String(outcome)}`

export const orThrow = <A>(outcome: A | PortFailure): A => {
  if (outcome instanceof PortFailure) throw new Error(outcome.reason._tag, { cause: outcome.cause })
  return outcome
}

export const inet = (host: string, port = 0): InetPortAddress => ({ _tag: "Inet", host, port })
