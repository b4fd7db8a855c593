/** Portico on Bun: what `main` provides. */
import type { BackendPorts } from "@portico/core/Backend"
import * as BackendLayer from "@portico/core/BackendLayer"
import { runMainWith } from "@portico/node"
import * as NodeClock from "@portico/node/NodeClock"
import * as NodeTurn from "@portico/node/NodeTurn"
import * as NodeWorkers from "@portico/node/pool/NodeWorkers"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as BunCapabilities from "./BunCapabilities.ts"
import * as BunFiles from "./file/BunFiles.ts"
import * as BunLoop from "./loop/BunLoop.ts"
import * as BunResolver from "./BunResolver.ts"
import * as BunScheduler from "./BunScheduler.ts"
import * as BunTcp from "./tcp/BunTcp.ts"
import * as BunTls from "./tls/BunTls.ts"
import * as BunUdp from "./udp/BunUdp.ts"
import * as BunWatch from "./BunWatch.ts"

/**
 * JavaScriptCore collects when the heap has grown by a part of its size, and counts the chunks that
 * Bun reads. With a small heap, 64 KiB messages collect every few dozen, at half a millisecond
 * each. Memory that is reserved and never touched makes the heap count as large and costs no page:
 * on a 64 KiB echo it saves 1 to 3 µs of CPU a message, of 22.
 */
const ballastBytes = 64 * 1024 * 1024

/** Lives as long as the ports do. */
interface Ballast {
  readonly ballast: ArrayBuffer
}

/** The ports of this process. Loop, scheduler and clock are the thread's, whoever asks. */
export const makePorts = (): BackendPorts & Ballast => {
  const loop = BunLoop.ofThread()
  const scheduler = BunScheduler.ofThread()
  const turn = NodeTurn.make(scheduler)
  const hasTls = BunTls.isAvailable()
  return {
    name: "bun",
    capabilities: BunCapabilities.make(process.platform, loop.showsPhases, hasTls),
    turn,
    loop,
    scheduler,
    clock: NodeClock.ofThread(),
    ballast: new ArrayBuffer(ballastBytes),
    allocate: (bytes) => new Uint8Array(bytes),
    tcp: BunTcp.make(turn, process.platform),
    udp: BunUdp.make(turn, process.platform),
    tls: hasTls ? BunTls.make(turn, process.platform) : undefined,
    workers: NodeWorkers.make(turn),
    watch: BunWatch.make(turn),
    files: BunFiles.make(turn, process.platform),
    resolver: BunResolver.make(turn, process.platform)
  }
}

/** Every service of Portico, over Bun's own sockets. */
export const layer: Layer.Layer<BackendLayer.Services> = BackendLayer.fromPorts(
  Effect.sync(makePorts)
)

/**
 * Runs a program as this process's main program: see `runMainWith`. It is Node's: signals, exit
 * codes and `beforeExit` are the same on Bun, where the tests run it too.
 */
export const runMain = runMainWith<BackendLayer.Services>(layer, BunScheduler.ofThread)
