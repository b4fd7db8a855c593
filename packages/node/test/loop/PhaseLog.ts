/**
 * What happens in a loop while nothing but its timers and one connection move it: a line for each
 * callback, to see in which order and how often hooks are called.
 */
import { once } from "node:events"
import * as Net from "node:net"
import type { Phase } from "@portico/core/Phase"
import type { LoopPort, PortHook } from "@portico/core/port/index"

export class PhaseLog {
  readonly events: Array<string> = []
  private readonly loop: LoopPort

  constructor(loop: LoopPort) {
    this.loop = loop
  }

  hook(phase: Phase): PortHook {
    const hook = this.loop.hookPhase(phase, () => this.events.push(phase))
    if (hook === undefined) throw new Error(`The loop shows no such phase: ${phase}`)
    return hook
  }

  count(event: string): number {
    return this.events.filter((one) => one === event).length
  }

  /** Waits for timers of 5 ms, one after the other: the loop has to wait in between. */
  async timers(count: number): Promise<void> {
    for (let timer = 0; timer < count; timer++) {
      await new Promise<void>((resolve) => {
        setTimeout(() => {
          this.events.push("timer")
          resolve()
        }, 5)
      })
    }
  }

  /**
   * Timers until an event came more than a hundred times: a few where the loop never waits, and
   * where it waits in between, more than there are. A busy machine may give us little of each.
   */
  async untilMany(event: string): Promise<void> {
    for (let timer = 0; timer < 50 && this.count(event) <= 100; timer++) await this.timers(1)
  }

  /** Bytes go back and forth over a connection: each is a `poll`. */
  async exchanges(count: number): Promise<void> {
    const server = Net.createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1")
    await once(server, "listening")
    const client = Net.connect((server.address() as Net.AddressInfo).port, "127.0.0.1")
    await once(client, "connect")
    for (let exchange = 0; exchange < count; exchange++) {
      client.write("x")
      await new Promise<void>((resolve) => {
        client.once("data", () => {
          this.events.push("poll")
          resolve()
        })
      })
    }
    client.destroy()
    server.close()
    await once(server, "close")
  }
}
