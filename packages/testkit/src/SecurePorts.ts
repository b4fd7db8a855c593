/**
 * The backend under test with TLS below every stream: what holds for streams has to hold for
 * encrypted ones, and is checked by the same laws.
 */
import type { Backend } from "@portico/core"
import {
  type Attempt,
  type ConnectEvents,
  type ConnectRequest,
  type ListenerEvents,
  type ListenerPort,
  type PortAddress,
  PortFailure,
  type StreamPort,
  type TlsContext,
  type TlsPort,
  type TlsWrapRequest,
  WouldBlock
} from "@portico/core/port"
import * as Certificates from "./Certificates.ts"
import { overriding, type PortChange } from "./FaultyPorts.ts"

type Side = TlsWrapRequest["side"]

/** Connects and accepts TLS streams where plain ones are asked for. */
export const securePorts: PortChange = (ports) => {
  const secure = new Securing(ports)
  return {
    ...ports,
    tcp: overriding(ports.tcp, {
      connect: (request, events) => secure.connect(request, events),
      listen: (request, events) =>
        ports.tcp.listen(request, {
          onListening: (listener) => events.onListening(new SecureListener(secure, listener)),
          onFailed: (failure) => events.onFailed(failure)
        })
    })
  }
}

class Securing {
  readonly ports: Backend.BackendPorts
  private readonly tls: TlsPort
  private readonly client: Side
  readonly server: Side

  constructor(ports: Backend.BackendPorts) {
    this.ports = ports
    this.tls = ports.tls!
    const shared = { trust: [Certificates.authority], minVersion: "TLSv1.3" } as const
    const ours = { ...shared, side: "client", credentials: undefined } as const
    const theirs = { ...shared, side: "server", credentials: Certificates.server } as const
    const serverName = "localhost"
    const context = made(this.tls.makeContext(theirs))
    this.client = {
      _tag: "Client",
      context: made(this.tls.makeContext(ours)),
      serverName,
      session: undefined
    }
    this.server = { _tag: "Server", contextFor: () => context, clientCertificate: "none" }
  }

  connect(request: ConnectRequest, events: ConnectEvents): Attempt {
    let under: Attempt | undefined
    const connecting = this.ports.tcp.connect(request, {
      onConnected: (stream) => {
        stream.attach(silent)
        under = this.wrap(stream, this.client, events)
      },
      onFailed: (failure) => events.onFailed(failure)
    })
    return {
      cancel: () => {
        connecting.cancel()
        under?.cancel()
      }
    }
  }

  wrap(transport: StreamPort, side: Side, events: ConnectEvents): Attempt {
    const giveUp = () => {
      transport.attach(silent)
      transport.close()
    }
    const request = {
      transport,
      unread: new Uint8Array(0),
      side,
      alpn: [],
      closeNotify: "strict"
    } as const
    let isOver = false
    const attempt = this.tls.wrap(request, {
      onSecure: (stream) => {
        isOver = true
        events.onConnected(stream)
      },
      onFailed: (failure) => {
        isOver = true
        giveUp()
        events.onFailed(failure)
      }
    })
    const cancel = () => {
      if (isOver) return
      isOver = true
      attempt.cancel()
      giveUp()
    }
    return { cancel }
  }
}

const ignore = () => {}
const silent = { onReadable: ignore, onWritable: ignore, onClosed: ignore }

const made = (context: TlsContext | PortFailure): TlsContext => {
  if (context instanceof PortFailure) throw new Error(`No context: ${context.reason._tag}`)
  return context
}

/** Shakes hands with whoever comes, and offers those who are through. */
class SecureListener implements ListenerPort, ListenerEvents {
  readonly localAddress: PortAddress
  private readonly secure: Securing
  private readonly listener: ListenerPort
  private readonly through: Array<StreamPort> = []
  private readonly under = new Set<Attempt>()
  private failure: PortFailure | undefined
  private events: ListenerEvents | undefined

  constructor(secure: Securing, listener: ListenerPort) {
    this.secure = secure
    this.listener = listener
    this.localAddress = listener.localAddress
  }

  attach(events: ListenerEvents): void {
    this.events = events
    this.listener.attach(this)
  }

  tryAccept(): StreamPort | typeof WouldBlock | PortFailure {
    const { failure } = this
    this.failure = undefined
    return failure ?? this.through.shift() ?? WouldBlock
  }

  get acceptable(): boolean {
    return this.through.length > 0 || this.failure !== undefined
  }

  onAcceptable(): void {
    while (this.listener.acceptable) {
      const outcome = this.listener.tryAccept()
      if (outcome === WouldBlock) return
      if (outcome instanceof PortFailure) {
        this.failure = outcome
        return this.events?.onAcceptable()
      }
      outcome.attach(silent)
      this.shake(outcome)
    }
  }

  private shake(stream: StreamPort): void {
    const attempt = this.secure.wrap(stream, this.secure.server, {
      onConnected: (secured) => {
        this.under.delete(attempt)
        this.through.push(secured)
        this.events?.onAcceptable()
      },
      onFailed: () => void this.under.delete(attempt)
    })
    this.under.add(attempt)
  }

  onClosed(): void {
    this.events?.onClosed()
  }

  close(): void {
    for (const attempt of this.under) attempt.cancel()
    for (const stream of this.through.splice(0)) {
      stream.attach(silent)
      stream.reset()
    }
    this.listener.close()
  }

  setRef(ref: boolean): void {
    this.listener.setRef(ref)
  }
}
