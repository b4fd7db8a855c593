/** Portico on Node: one layer, and a `runMain`. */
import type { BackendPorts } from "@portico/core/Backend"
import * as BackendLayer from "@portico/core/BackendLayer"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { Handles } from "@portico/core/Handle"
import * as NodeCapabilities from "./NodeCapabilities.ts"
import { runMainWith } from "./NodeRunMain.ts"
import * as NodeTcp from "./NodeTcp.ts"
import * as NodeTurn from "./NodeTurn.ts"

/** The ports of this process. */
export const makePorts = (): BackendPorts => {
  const turn = NodeTurn.make()
  return {
    name: "node",
    capabilities: NodeCapabilities.make(process.platform),
    turn,
    // `net.Socket` writes a Buffer as it is and wraps any other byte array first.
    allocate: (bytes) => Buffer.alloc(bytes),
    tcp: NodeTcp.make(turn, process.platform)
  }
}

/** Everything Portico offers, on this Node process. Handles still open are closed with it. */
export const layer: Layer.Layer<BackendLayer.Services> = BackendLayer.fromPorts(
  Effect.sync(makePorts)
)

/** Whether anything of ours is open, ref'd or not. */
export const hasOpenHandles: Effect.Effect<boolean, never, Handles> = Handles.use((handles) =>
  Effect.map(handles.list, (list) => list.length > 0)
)

/** Runs a program as this process's main program: see `runMainWith`. */
export const runMain = runMainWith<BackendLayer.Services>(layer, hasOpenHandles)
