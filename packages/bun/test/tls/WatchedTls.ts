/** TLS streams of Bun's port, watched: both ends, and what passes between them. */
import * as BunTcp from "@portico/bun/tcp/BunTcp"
import * as BunTls from "@portico/bun/tls/BunTls"
import {
  PortFailure,
  type StreamPort,
  type TlsClientSide,
  type TlsContext,
  type TlsContextRequest,
  type TlsPort,
  type TlsServerSide,
  type TlsStreamPort,
  type TlsWrapRequest
} from "@portico/core/port/index"
import { expect } from "vitest"
import { orThrow } from "../../../node/test/PortWorld.ts"
import { Side, TcpWorld } from "../../../node/test/tcp/WatchedTcp.ts"
import * as Certificates from "../../../testkit/src/Certificates.ts"

export class SecureSide extends Side {
  readonly tls: TlsStreamPort

  constructor(world: TlsWorld, port: TlsStreamPort) {
    super(world, port)
    this.tls = port
  }
}

/** A connection whose bytes pass through the test. */
export interface Relayed {
  readonly client: Side
  readonly server: Side
  /** The ends that the client and the server see. */
  readonly atClient: Side
  readonly atServer: Side
}

export type Options = Partial<Omit<TlsWrapRequest, "transport" | "side">>

const credentialsOf = (credentials: typeof Certificates.server) => credentials

export class TlsWorld extends TcpWorld {
  readonly tls: TlsPort

  constructor(lingerMillis?: number, platform: NodeJS.Platform = process.platform) {
    super((turn) => BunTcp.make(turn, process.platform))
    this.tls = BunTls.make(this.turn, platform, lingerMillis)
  }

  context(request: Partial<TlsContextRequest>): TlsContext {
    const defaults = { trust: [Certificates.authority], minVersion: "TLSv1.2" } as const
    const side = request.side ?? "client"
    return orThrow(this.tls.makeContext({ ...defaults, side, credentials: undefined, ...request }))
  }

  clientSide(options: Partial<TlsClientSide> = {}): TlsClientSide {
    const context = options.context ?? this.context({ side: "client" })
    return { _tag: "Client", serverName: "localhost", session: undefined, ...options, context }
  }

  serverSide(
    clientCertificate: TlsServerSide["clientCertificate"] = "none",
    credentials = credentialsOf(Certificates.server)
  ): TlsServerSide {
    const context = this.context({ side: "server", credentials })
    return { _tag: "Server", clientCertificate, contextFor: () => context }
  }

  /** A handshake over `transport`, which is given away and, if it fails, taken back. */
  async wrap(
    transport: StreamPort,
    side: TlsWrapRequest["side"],
    options: Options = {}
  ): Promise<SecureSide | PortFailure> {
    const defaults = { unread: new Uint8Array(0), alpn: [], closeNotify: "strict" } as const
    const index = this.watches.findIndex((watch) => watch.port === transport)
    const [given] = this.watches.splice(index, 1) as [Side]
    const outcome = await this.answer<SecureSide | PortFailure>((answer) =>
      this.tls.wrap(
        { ...defaults, transport, side, ...options },
        { onSecure: (port) => answer(new SecureSide(this, port)), onFailed: answer }
      )
    )
    if (!(outcome instanceof PortFailure)) return outcome
    transport.attach(given)
    this.watches.push(given)
    return outcome
  }

  async secure(client: StreamPort, server: StreamPort, options: Options = {}) {
    const [one, other] = await Promise.all([
      this.wrap(client, this.clientSide(), options),
      this.wrap(server, this.serverSide(), options)
    ])
    return { client: orThrow(one), server: orThrow(other) }
  }

  async securePair(options: Options = {}) {
    const { client, server } = await this.pair()
    return this.secure(client.port, server.port, options)
  }

  async relayed(): Promise<Relayed> {
    const [near, far] = [await this.pair(), await this.pair()]
    const relayed = {
      client: near.client,
      atClient: near.server,
      atServer: far.client,
      server: far.server
    }
    forward(relayed.atClient, relayed.atServer)
    forward(relayed.atServer, relayed.atClient)
    return relayed
  }
}

/** What has come at `from`, until now, goes out at `to`; bytes alone, never an end. */
export const forward = (from: Side, to: Side): void => {
  from.reader = () => {
    const chunk = from.port.tryRead(1 << 20, true)
    if (typeof chunk !== "string" && !(chunk instanceof PortFailure))
      orThrow(to.port.tryWrite(chunk))
  }
  if (from.port.readable) from.reader()
}

/** Keeps what comes at `from` in a list instead. */
export const collect = (from: Side): Array<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  from.reader = () => {
    const chunk = from.port.tryRead(1 << 20, true)
    if (typeof chunk !== "string" && !(chunk instanceof PortFailure)) chunks.push(chunk)
  }
  return chunks
}

export const text = (value: string): Uint8Array => new TextEncoder().encode(value)

export const sendAll = async (side: Side, data: Uint8Array): Promise<void> => {
  for (let sent = 0; sent < data.length;) {
    sent += side.port.tryWrite(data.subarray(sent)) as number
    if (sent < data.length) await side.until(() => side.port.writable)
  }
}

export const echo = async ({ client, server }: { client: SecureSide; server: SecureSide }) => {
  client.port.tryWrite(text("ping"))
  await server.until(() => server.port.readable)
  expect(server.port.tryRead(100, true)).toEqual(text("ping"))
  server.port.tryWrite(text("pong!"))
  await client.until(() => client.port.readable)
  expect(client.port.tryRead(100, true)).toEqual(text("pong!"))
}
