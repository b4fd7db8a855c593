/** Portico on Node: one layer, and a `runMain`. */
import type { BackendPorts } from "@portico/core/Backend"
import * as BackendLayer from "@portico/core/BackendLayer"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as NodeCapabilities from "./NodeCapabilities.ts"
import * as NodeClock from "./NodeClock.ts"
import * as NodeLoop from "./loop/NodeLoop.ts"
import { runMainWith } from "./NodeRunMain.ts"
import * as NodeResolver from "./NodeResolver.ts"
import * as NodeScheduler from "./NodeScheduler.ts"
import * as NodeTcp from "./tcp/NodeTcp.ts"
import * as NodeTls from "./tls/NodeTls.ts"
import * as NodeTurn from "./NodeTurn.ts"
import * as NodeUdp from "./udp/NodeUdp.ts"
import * as CachedFile from "./file/CachedFile.ts"
import { FfiFile, isAskedFor } from "./file/FfiFile.ts"
import { NodeFile } from "./file/NodeFile.ts"
import * as NodeFiles from "./file/NodeFiles.ts"
import * as NodeWorkers from "./pool/NodeWorkers.ts"
import * as NodeWatch from "./watch/NodeWatch.ts"

const openFileOf = (platform: NodeJS.Platform) => {
  const isAsked = isAskedFor(process.execArgv, process.env["NODE_OPTIONS"])
  return isAsked && CachedFile.isAvailable(platform) ? FfiFile : NodeFile
}

/** The ports of this process. Loop, scheduler and clock are the thread's, whoever asks. */
export const makePorts = (): BackendPorts => {
  const scheduler = NodeScheduler.ofThread()
  const turn = NodeTurn.make(scheduler)
  return {
    name: "node",
    capabilities: NodeCapabilities.make(process.platform),
    turn,
    loop: NodeLoop.ofThread(),
    scheduler,
    clock: NodeClock.ofThread(),
    // `net.Socket` writes a Buffer as it is and wraps any other byte array first.
    allocate: (bytes) => Buffer.alloc(bytes),
    tcp: NodeTcp.make(turn, process.platform),
    udp: NodeUdp.make(turn),
    workers: NodeWorkers.make(turn),
    watch: NodeWatch.make(turn),
    tls: NodeTls.make(turn),
    files: NodeFiles.make({
      OpenFile: openFileOf(process.platform),
      opensDirectories: true,
      turn,
      threads: NodeFiles.threadsOf(process.env["UV_THREADPOOL_SIZE"])
    }),
    resolver: NodeResolver.make({
      turn,
      lookupsMax: NodeResolver.lookupsMaxOf(process.env["UV_THREADPOOL_SIZE"]),
      hostsPath: NodeResolver.hostsPathOf(process.platform)
    })
  }
}

/** Everything Portico offers, on this Node process. Handles still open are closed with it. */
export const layer: Layer.Layer<BackendLayer.Services> = BackendLayer.fromPorts(
  Effect.sync(makePorts)
)

/** Runs a program as this process's main program: see `runMainWith`. */
export const runMain = runMainWith<BackendLayer.Services>(layer, NodeScheduler.ofThread)
