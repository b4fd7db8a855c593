/**
 * The world a program runs in: a name, what it can do, and its ports.
 *
 * A backend package gives its ports to `BackendLayer.fromPorts` and no more; every service that
 * programs use is core's own, over these ports.
 */
import * as Context from "effect/Context"
import type { Capabilities } from "./Capabilities.ts"
import type { LoopClock } from "./LoopClock.ts"
import type { LoopScheduler } from "./LoopScheduler.ts"
import type { LoopPort } from "./port/LoopPort.ts"
import type { FilePort } from "./port/FilePort.ts"
import type { ResolverPort } from "./port/ResolverPort.ts"
import type { TcpPort } from "./port/TcpPort.ts"
import type { TlsPort } from "./port/TlsPort.ts"
import type { TurnPort } from "./port/TurnPort.ts"
import type { UdpPort } from "./port/UdpPort.ts"
import type { WatchPort } from "./port/WatchPort.ts"
import type { WorkerPort } from "./port/WorkerPort.ts"

export interface BackendPorts {
  /** `node`, `bun`, `sim`, or a name of your own; it appears in errors and tables. */
  readonly name: string
  readonly capabilities: Capabilities
  readonly turn: TurnPort
  readonly loop: LoopPort
  /** Runs the program's fibers; its layer installs it. */
  readonly scheduler: LoopScheduler
  /** The program's clock, which knows its sleepers; its layer installs it. */
  readonly clock: LoopClock
  /** Fresh memory, `bytes` long, in the kind of byte array that the host writes most cheaply. */
  readonly allocate: (bytes: number) => Uint8Array
  readonly tcp: TcpPort
  readonly udp: UdpPort
  readonly resolver: ResolverPort
  readonly workers: WorkerPort
  /** There with the capability `watch`. */
  readonly watch?: WatchPort | undefined
  /** There with the capability `tls`. */
  readonly tls?: TlsPort | undefined
  /** There with the capability `files`. */
  readonly files?: FilePort | undefined
}

export class Backend extends Context.Service<Backend, BackendPorts>()("@portico/core/Backend") {}
