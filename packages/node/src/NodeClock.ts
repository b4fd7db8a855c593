/** Effect's clock on Node's loop: it knows who sleeps. Bun's timers are the same. */
import { HostClock } from "@portico/core/HostClock"
import * as NodeLoop from "./loop/NodeLoop.ts"
import * as NodeScheduler from "./NodeScheduler.ts"

let shared: HostClock | undefined

/** The clock that all layers of this thread share, made when it is first asked for. */
export const ofThread = (): HostClock =>
  (shared ??= new HostClock(NodeLoop.ofThread(), NodeScheduler.ofThread()))
