/** Node's globals and promise jobs, for the simulator. */
import type { GlobalsPort } from "@portico/core/port/index"

// What Node calls after each callback of its own; undocumented, and there since 0.10. A promise
// job has no other way to be run at once.
const nodeProcess: { readonly _tickCallback?: () => void } = process as never

export const globals: GlobalsPort = {
  globals: globalThis,
  drainMicrotasks: () => nodeProcess._tickCallback?.()
}
