/** Two ends of a connection in one kernel, TLS over both, and what passes between them. */
import {
  type PortFailure,
  type StreamEvents,
  type StreamPort,
  type TlsClientSide,
  type TlsServerSide,
  type TlsStreamPort,
  type TlsWrapRequest
} from "@portico/core/port/index"
import { closeListener } from "../../src/kernel/Listener.ts"
import { SimClock } from "../../src/effect/SimClock.ts"
import type { SimOptions } from "../../src/SimOptions.ts"
import { SimPorts } from "../../src/port/SimPorts.ts"
import { SimStream } from "../../src/port/SimStream.ts"
import * as SimTurn from "../../src/port/SimTurn.ts"
import { SimTls } from "../../src/tls/SimTls.ts"
import { SimTlsContext } from "../../src/tls/SimTlsContext.ts"
import { TestKernel } from "../kernel/TestKernel.ts"
import * as Fixtures from "../x509/Fixtures.ts"

type Side = "client" | "server"

/** Bytes on their way: the ones that go on, at most as many. */
export type Change = (from: Side, bytes: Uint8Array) => Uint8Array

/** What became of one side. */
export interface End {
  readonly transport: StreamPort
  stream: TlsStreamPort | undefined
  failure: PortFailure | undefined
  /** Virtual nanoseconds since the handshake began. */
  securedAt: number
  readonly events: Array<keyof StreamEvents>
  readonly cancel: () => void
}

export interface PairOptions {
  readonly client?: Partial<TlsWrapRequest>
  readonly server?: Partial<TlsWrapRequest>
  readonly clientSide?: Partial<TlsClientSide>
  readonly serverSide?: Partial<TlsServerSide>
  readonly change?: Change
}

export class TestTls {
  readonly kernel: TestKernel
  readonly tls: SimTls
  readonly clientContext: SimTlsContext
  readonly serverContext: SimTlsContext
  /** Whether a call into a port is on the stack: no event may come then. */
  isCalling = false
  private readonly ports: SimPorts

  constructor(options: Partial<SimOptions> = {}) {
    const kernel = (this.kernel = new TestKernel(options))
    this.ports = new SimPorts(kernel.world, kernel.host, SimTurn.make(kernel.world))
    this.tls = new SimTls(this.ports, new SimClock(kernel.world), [])
    this.clientContext = this.context({ trust: [Fixtures.authority] })
    const { certificate, key } = Fixtures.server
    const credentials = { certificate: certificate + Fixtures.between, key }
    this.serverContext = this.context({ side: "server", credentials })
  }

  context(request: Partial<Parameters<SimTls["makeContext"]>[0]>): SimTlsContext {
    const made = this.tls.makeContext({
      side: "client",
      credentials: undefined,
      trust: [],
      minVersion: "TLSv1.2",
      ...request
    })
    if (!(made instanceof SimTlsContext)) throw new Error("No context")
    return made
  }

  /** Runs what there is to run. */
  settle(): void {
    this.kernel.settle()
  }

  call<A>(body: () => A): A {
    this.isCalling = true
    try {
      return body()
    } finally {
      this.isCalling = false
    }
  }

  /** One end of a connection, and the other, which says nothing. */
  silentPair(): { readonly stream: StreamPort; readonly peer: StreamPort } {
    const { client, server } = this.kernel.pair("unix")
    return {
      stream: new SimStream(this.ports, server),
      peer: new SimStream(this.ports, client)
    }
  }

  /** Both handshakes, begun. */
  begin(options: PairOptions = {}): { readonly client: End; readonly server: End } {
    const pair = this.kernel.pair()
    closeListener(this.kernel.host, pair.listener)
    const { change = (_, bytes) => bytes } = options
    const between = (side: Side) =>
      passing(new SimStream(this.ports, pair[side]), (bytes) => change(side, bytes))
    const client = this.wrap(between("client"), {
      side: {
        _tag: "Client",
        context: this.clientContext,
        serverName: "localhost",
        session: undefined,
        ...options.clientSide
      },
      ...options.client
    })
    const server = this.wrap(between("server"), {
      side: {
        _tag: "Server",
        contextFor: () => this.serverContext,
        clientCertificate: "none",
        ...options.serverSide
      },
      ...options.server
    })
    return { client, server }
  }

  /** Both handshakes, as far as they go. */
  pair(options: PairOptions = {}): { readonly client: End; readonly server: End } {
    const both = this.begin(options)
    this.settle()
    return both
  }

  /** Both streams of a pair whose handshakes have to succeed. */
  secured(options: PairOptions = {}) {
    const { client, server } = this.pair(options)
    if (client.stream === undefined || server.stream === undefined) {
      throw new Error(`refused: ${client.failure?.reason._tag} ${server.failure?.reason._tag}`)
    }
    return { client: client.stream, server: server.stream, ends: { client, server } }
  }

  wrap(
    transport: StreamPort,
    request: Pick<TlsWrapRequest, "side"> & Partial<TlsWrapRequest>
  ): End {
    const { world } = this.kernel
    const begun = world.now
    const isNow = () => {
      if (this.isCalling) throw new Error("An event from inside a call")
    }
    const note = (event: keyof StreamEvents) => () => {
      isNow()
      end.events.push(event)
    }
    const attempt = this.call(() =>
      this.tls.wrap(
        {
          transport,
          unread: new Uint8Array(0),
          alpn: [],
          closeNotify: "strict",
          ...request
        },
        {
          onSecure: (stream) => {
            isNow()
            end.stream = stream
            end.securedAt = world.now - begun
            stream.attach({
              onReadable: note("onReadable"),
              onWritable: note("onWritable"),
              onClosed: note("onClosed")
            })
          },
          onFailed: (failure) => {
            isNow()
            end.failure = failure
          }
        }
      )
    )
    const end: End = {
      transport,
      stream: undefined,
      failure: undefined,
      securedAt: 0,
      events: [],
      cancel: () => attempt.cancel()
    }
    return end
  }
}

/** `stream`, whose written bytes are changed on their way. */
const passing = (stream: StreamPort, change: (bytes: Uint8Array) => Uint8Array): StreamPort =>
  new Proxy(stream, {
    get: (target, property) => {
      if (property === "tryWrite") {
        return (bytes: Uint8Array) => {
          const changed = change(bytes.slice())
          const taken = stream.tryWrite(changed)
          // What the change has left out is taken as well.
          return taken === changed.length ? bytes.length : taken
        }
      }
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === "function" ? value.bind(target) : value
    }
  })
