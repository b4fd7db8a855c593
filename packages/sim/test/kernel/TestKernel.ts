/** A kernel and its timeline without ports or fibers: calls in, then everything that follows. */
import type { ListenRequest, PortAddress } from "@portico/core/port/index"
import type { Endpoint } from "../../src/kernel/Endpoint.ts"
import { acceptAndAdmit, connect } from "../../src/kernel/Handshake.ts"
import { Host } from "../../src/kernel/Host.ts"
import { listen, type Listener } from "../../src/kernel/Listener.ts"
import { tcp } from "../../src/kernel/Tcp.ts"
import { type SimOptions, toHost, toWorld } from "../../src/SimOptions.ts"
import { World } from "../../src/World.ts"

export const inet = (host: string, port: number): PortAddress => ({ _tag: "Inet", host, port })
export const unix = (path: string): PortAddress => ({ _tag: "Unix", path })

export interface Pair {
  readonly client: Endpoint
  readonly server: Endpoint
  readonly listener: Listener
}

export class TestKernel {
  readonly world: World
  readonly host: Host

  constructor(options: Partial<SimOptions> = {}) {
    const all = { seed: 1, ...options }
    this.world = new World(toWorld(all))
    // There are no handles, and without them the loop would end before the packets have arrived.
    this.world.countRef(1)
    this.host = new Host(toHost(all), this.world, this.world.choices.network, tcp)
  }

  /** Runs until nothing is left to happen, however long that takes. */
  settle(): void {
    this.world.run(Infinity, Infinity)
  }

  /** Runs for some virtual time. */
  pass(nanos: number): void {
    let isOver = false
    this.world.after(nanos, this.world.strand(0), () => {
      isOver = true
    })
    while (!isOver) this.world.run(1, Infinity)
  }

  tryListen(address: PortAddress, options: Partial<ListenRequest> = {}): ReturnType<typeof listen> {
    return listen(this.host, {
      address,
      backlog: undefined,
      acceptQueueMax: 1024,
      reusePort: false,
      ipv6Only: false,
      noDelay: true,
      mode: undefined,
      ...options
    })
  }

  listen(address: PortAddress, options?: Partial<ListenRequest>): Listener {
    return expectValue(this.tryListen(address, options))
  }

  /** Where a listener on a port of the kernel's choice is. */
  listenAnywhere(host: string, options?: Partial<ListenRequest>): [Listener, number] {
    const listener = this.listen(inet(host, 0), options)
    return [listener, listener.binding!.port]
  }

  connect(address: PortAddress): Endpoint {
    return expectValue(connect(this.host, address, undefined))
  }

  accept(listener: Listener): Endpoint {
    return expectValue(acceptAndAdmit(this.host, listener))
  }

  /** A connection over `127.0.0.1`, or a Unix socket at `/tmp/pair`. */
  pair(family: "inet" | "unix" = "inet"): Pair {
    const listener = this.listen(family === "inet" ? inet("127.0.0.1", 0) : unix("/tmp/pair"))
    const client = this.connect(listener.address)
    this.settle()
    return { client, server: this.accept(listener), listener }
  }
}

const expectValue = <A>(value: A): Exclude<A, string | undefined> => {
  if (typeof value === "string" || value === undefined) throw new Error(`refused: ${String(value)}`)
  return value as Exclude<A, string | undefined>
}
