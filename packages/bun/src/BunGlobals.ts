/** Bun's globals and promise jobs, for the simulator. */
import type { GlobalsPort } from "@portico/core/port/index"
import { drainMicrotasks } from "bun:jsc"

export const globals: GlobalsPort = { globals: globalThis, drainMicrotasks }
