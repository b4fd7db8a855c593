/** A backend whose host is the test: attempts wait for an answer, listeners for connections. */
import type { BackendPorts } from "../../src/Backend.ts"
import { HostClock } from "../../src/HostClock.ts"
import { HostScheduler } from "../../src/HostScheduler.ts"
import { HandleTable } from "../../src/internal/HandleTable.ts"
import {
  type Attempt,
  type BindEvents,
  type ConnectEvents,
  type ListenerEvents,
  type ListenerPort,
  type ListenEvents,
  type LookupEvents,
  type LookupRequest,
  type PortAddress,
  type PortFailure,
  type StreamPort,
  Turn,
  WouldBlock
} from "../../src/port/index.ts"
import { ScriptedWorkers } from "./ScriptedWorkers.ts"
import { ScriptedLoop } from "./ScriptedLoop.ts"
import { loopback, ScriptedStream } from "./ScriptedStream.ts"

/** The callbacks that a host was asked for, run when the test says so. */
export class ScriptedHost {
  private readonly callbacks: Array<() => void> = []
  private readonly push = (callback: () => void) => void this.callbacks.push(callback)
  readonly turn = new Turn({ soon: this.push, later: this.push })

  /** Runs one callback; false when there is none. */
  step(): boolean {
    const callback = this.callbacks.shift()
    callback?.()
    return callback !== undefined
  }

  settle(): void {
    while (this.step());
  }
}

/** One connect, listen or bind that was asked for. */
export class Asked<Events> implements Attempt {
  isCancelled = false
  isAnswered = false
  readonly address: PortAddress
  private readonly host: ScriptedHost
  private readonly events: Events

  constructor(host: ScriptedHost, address: PortAddress, events: Events) {
    this.host = host
    this.address = address
    this.events = events
  }

  cancel(): void {
    if (!this.isAnswered) this.isCancelled = true
  }

  /** Raises the answer, unless the attempt was cancelled. */
  answer(raise: (events: Events) => void): boolean {
    if (this.isCancelled || this.isAnswered) return false
    this.isAnswered = true
    this.host.turn.enter()
    raise(this.events)
    this.host.turn.leave()
    return true
  }
}

export class ScriptedListener implements ListenerPort {
  readonly localAddress: PortAddress
  readonly waiting: Array<StreamPort | PortFailure> = []
  attached = 0
  closed = 0
  private readonly host: ScriptedHost
  private events: ListenerEvents | undefined

  constructor(host: ScriptedHost, localAddress: PortAddress = loopback(80)) {
    this.host = host
    this.localAddress = localAddress
  }

  attach(events: ListenerEvents): void {
    this.attached++
    this.events = events
  }

  tryAccept(): StreamPort | typeof WouldBlock | PortFailure {
    return this.waiting.shift() ?? WouldBlock
  }

  get acceptable(): boolean {
    return this.waiting.length > 0
  }

  close(): void {
    if (this.closed++ > 0) return
    this.host.turn.later(() => this.raise((events) => events.onClosed()))
  }

  setRef(): void {}

  /** A connection comes, or a failure. */
  offer(connection: StreamPort | PortFailure): void {
    if (this.closed > 0) return
    this.waiting.push(connection)
    this.raise((events) => events.onAcceptable())
  }

  private raise(raise: (events: ListenerEvents) => void): void {
    if (this.events === undefined) return
    this.host.turn.enter()
    raise(this.events)
    this.host.turn.leave()
  }
}

export class ScriptedPorts {
  readonly host = new ScriptedHost()
  readonly loop = new ScriptedLoop((callback) => this.host.turn.later(callback))
  readonly scheduler = new HostScheduler(this.loop)
  readonly connects: Array<Asked<ConnectEvents>> = []
  readonly listens: Array<Asked<ListenEvents>> = []
  readonly binds: Array<Asked<BindEvents>> = []
  readonly lookups: Array<{ readonly request: LookupRequest; readonly events: LookupEvents }> = []
  readonly workers = new ScriptedWorkers()
  readonly ports: BackendPorts = {
    workers: this.workers,
    name: "scripted",
    capabilities: {
      listenBacklog: true,
      acceptPause: false,
      reusePort: true,
      ipv6Only: true,
      localBind: true,
      resetClose: true,
      abstractNames: true,
      unixMode: true,
      keepAlive: true,
      udpConnect: true,
      multicastSource: true,
      kernelBufferBytes: true,
      tls: false,
      watch: false,
      files: false,
      fileLock: false,
      fileLockShared: false,
      fileAllocate: false,
      threads: false,
      workerHeapLimit: true,
      phaseTimers: false,
      phasePending: false,
      phaseIdle: false,
      phasePrepare: false,
      phasePoll: false,
      phaseCheck: true,
      phaseClosing: false,
      deterministic: true
    },
    turn: this.host.turn,
    loop: this.loop,
    scheduler: this.scheduler,
    clock: new HostClock(this.loop, this.scheduler),
    allocate: (bytes) => new Uint8Array(bytes),
    tcp: {
      unixPathBytesMax: 107,
      connect: ({ address }, events) => {
        const asked = new Asked(this.host, address, events)
        this.connects.push(asked)
        return asked
      },
      listen: ({ address }, events) => {
        const asked = new Asked(this.host, address, events)
        this.listens.push(asked)
        return asked
      },
      unlink: () => {}
    },
    udp: {
      bind: ({ address }, events) => {
        const asked = new Asked(this.host, address, events)
        this.binds.push(asked)
        return asked
      }
    },
    resolver: {
      lookupsMax: 2,
      lookup: (request, events) => {
        this.lookups.push({ request, events })
      },
      servers: () => [],
      hosts: () => ""
    }
  }
  readonly table = new HandleTable(this.ports)

  stream(): ScriptedStream {
    return new ScriptedStream(this.host.turn)
  }

  listener(localAddress?: PortAddress): ScriptedListener {
    return new ScriptedListener(this.host, localAddress)
  }
}
