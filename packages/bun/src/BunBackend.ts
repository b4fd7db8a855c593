/** Portico on Bun: the ports over Bun's own sockets. */
import type { BackendPorts } from "@portico/core/Backend"
import * as BunCapabilities from "./BunCapabilities.ts"
import * as BunTcp from "./BunTcp.ts"
import * as BunTurn from "./BunTurn.ts"

/** The ports of this process; the platform decides which capabilities Bun has on it. */
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
