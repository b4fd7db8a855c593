/** Portico on Bun: what `main` provides. */
import * as BunRuntime from "@effect/platform-bun/BunRuntime"
import type { BackendPorts } from "@portico/core/Backend"
import * as BackendLayer from "@portico/core/BackendLayer"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as BunCapabilities from "./BunCapabilities.ts"
import * as BunTcp from "./BunTcp.ts"
import * as BunTurn from "./BunTurn.ts"

/** The ports of this process; the platform and the thread decide what Bun can do. */
export const makePorts = (): BackendPorts => {
  const turn = BunTurn.make()
  return {
    name: "bun",
    capabilities: BunCapabilities.make(process.platform),
    turn,
    allocate: (bytes) => new Uint8Array(bytes),
    tcp: BunTcp.make(turn, process.platform)
  }
}

/** Every service of Portico, over Bun's own sockets. */
export const layer: Layer.Layer<BackendLayer.Services> = BackendLayer.fromPorts(
  Effect.sync(makePorts)
)

/**
 * Runs a program as Bun's main: failures are logged, SIGINT and SIGTERM interrupt it so that its
 * scopes close, and the exit code says how it ended.
 */
export const runMain = BunRuntime.runMain
