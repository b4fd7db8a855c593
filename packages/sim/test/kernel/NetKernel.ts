/** Two hosts' kernels and the network between them, without ports or fibers. */
import type { InetPortAddress, ListenRequest } from "@portico/core/port/index"
import { Wire } from "../../src/hosts/Wire.ts"
import type { Endpoint } from "../../src/kernel/Endpoint.ts"
import { acceptAndAdmit, connect } from "../../src/kernel/Handshake.ts"
import { Host } from "../../src/kernel/Host.ts"
import { type LinkState, perfect } from "../../src/kernel/Link.ts"
import { askAll } from "../../src/kernel/KeepAlive.ts"
import { Links } from "../../src/kernel/Links.ts"
import { listen, type Listener } from "../../src/kernel/Listener.ts"
import { Network, type Rule, type RuleVerdict } from "../../src/kernel/Network.ts"
import { Site } from "../../src/kernel/Site.ts"
import { tcp } from "../../src/kernel/Tcp.ts"
import { read, write } from "../../src/kernel/Transfer.ts"
import * as UdpBind from "../../src/kernel/UdpBind.ts"
import type { UdpEndpoint } from "../../src/kernel/UdpEndpoint.ts"
import { Prng } from "../../src/Prng.ts"

export const second = 1e9
export const milli = 1e6

export interface NetKernelOptions {
  readonly sendBufferBytes?: number
  readonly receiveBufferBytes?: number
}

export const aHost = "10.0.0.1"
export const bHost = "10.0.0.2"

export class NetKernel {
  /** Virtual nanoseconds. */
  now = 0
  readonly wire = new Wire(this)
  readonly network: Network
  readonly a: Host
  b: Host
  readonly siteA: Site
  readonly siteB: Site
  /** What was sent, and when: `from kind`, in virtual milliseconds. */
  readonly log: Array<readonly [millis: number, what: string]> = []
  private readonly options

  constructor(options: NetKernelOptions = {}) {
    this.options = {
      sendBufferBytes: 212_992,
      receiveBufferBytes: 212_992,
      descriptorsMax: 100_000,
      latencyNanos: 10_000,
      ...options
    }
    const links = new Links((from, to) => perfect(from === to ? 10_000 : milli))
    this.network = new Network(this.wire, links, new Prng(1, 99))
    links.onChanged = () => askAll(this.network)
    this.network.watch = (passage, from, _to, { kind }) => {
      if (passage === "sent") this.log.push([Math.round(this.now / milli), `${from.name} ${kind}`])
    }
    this.siteA = this.site(1, "a", aHost)
    this.siteB = this.site(2, "b", bHost)
    this.a = this.boot(this.siteA)
    this.b = this.boot(this.siteB)
  }

  private site(number: number, name: string, literal: string): Site {
    const site = new Site(this.network, number, name, [{ family: 4, literal }])
    this.network.add(site)
    return site
  }

  /** A new kernel: what the last one knew is gone. */
  boot(site: Site): Host {
    if (site.kernel !== undefined) site.kernel.isUp = false
    return (site.kernel = new Host(this.options, this.wire, new Prng(1, 98), tcp, site))
  }

  /** `b` loses its power. */
  powerOff(): void {
    this.b.isUp = false
    this.siteB.kernel = undefined
    askAll(this.network)
  }

  rebootB(): void {
    this.b = this.boot(this.siteB)
  }

  /** Runs until nothing is left to happen, however long that takes. */
  settle(): void {
    while (this.wire.nextTime < Infinity) this.step()
  }

  /** Runs for some virtual time. */
  pass(nanos: number): void {
    const until = this.now + nanos
    while (this.wire.nextTime <= until) this.step()
    this.now = until
  }

  private step(): void {
    const { task, time } = this.wire.take()
    this.now = time
    task()
  }

  change(state: Partial<LinkState>): () => void {
    return this.network.links.add({ applies: (from, to) => from !== to, change: state })
  }

  rule(rule: Rule): void {
    this.network.rules = [...this.network.rules, rule]
  }

  /** Of the packets `from` sends of that kind, those with these numbers (from 1) are lost. */
  drop(
    from: string,
    kind: string,
    isLost: (number: number) => boolean = (number) => number === 1,
    verdict: RuleVerdict = "drop"
  ): void {
    let count = 0
    this.rule((packet) =>
      packet.from === from && packet.kind === kind && isLost(++count) ? verdict : "pass"
    )
  }

  listen(port = 80, request: Partial<ListenRequest> = {}): Listener {
    return valueOf(
      listen(this.b, {
        address: { _tag: "Inet", host: "0.0.0.0", port },
        backlog: undefined,
        acceptQueueMax: 1024,
        reusePort: false,
        ipv6Only: false,
        noDelay: true,
        mode: undefined,
        ...request
      })
    )
  }

  connect(port = 80, local?: InetPortAddress): Endpoint {
    return valueOf(connect(this.a, { _tag: "Inet", host: bHost, port }, local))
  }

  accept(listener: Listener): Endpoint {
    return valueOf(acceptAndAdmit(this.b, listener))
  }

  /** A connection from `a` to `b`. */
  pair(): { readonly client: Endpoint; readonly server: Endpoint } {
    const listener = this.listen()
    const client = this.connect()
    this.settle()
    this.log.length = 0
    return { client, server: this.accept(listener) }
  }

  bind(host: Host, literal = "0.0.0.0", port = 0): UdpEndpoint {
    return valueOf(
      UdpBind.bind(host, {
        address: { _tag: "Inet", host: literal, port },
        reuseAddress: false,
        reusePort: false,
        ipv6Only: false,
        kernelReceiveBytes: undefined,
        kernelSendBytes: undefined
      })
    )
  }

  /** When `from` sent packets of a kind, in milliseconds. */
  times(from: string, kind: string): ReadonlyArray<number> {
    return this.log.flatMap(([millis, what]) => (what === `${from} ${kind}` ? [millis] : []))
  }
}

export const numbered = (count: number, from = 0): Uint8Array =>
  Uint8Array.from({ length: count }, (_, index) => (from + index) % 251)

export const writeAll = (end: Endpoint, bytes: Uint8Array): void => {
  if (write(end.host, end, bytes) !== bytes.length) throw new Error("not all was taken")
}

/** All that can be read now. */
export const readAll = (end: Endpoint): ReadonlyArray<number> => {
  const bytes: Array<number> = []
  for (;;) {
    const got = read(end.host, end, Infinity)
    if (!(got instanceof Uint8Array)) return bytes
    bytes.push(...got)
  }
}

const valueOf = <A>(value: A): Exclude<A, string | undefined> => {
  if (typeof value === "string" || value === undefined) throw new Error(`refused: ${String(value)}`)
  return value as Exclude<A, string | undefined>
}
