/** The `WorkerPort` over `node:worker_threads`; Bun's are as good (`BunWorkers`). */
import type { TurnPort, WorkerPort } from "@portico/core/port/index"
import { NodeKeepAlive } from "../NodeKeepAlive.ts"
import { NodeLane } from "./NodeLane.ts"

export const make = (turn: TurnPort): WorkerPort => {
  const keepAlive = new NodeKeepAlive()
  return { open: (request, events) => new NodeLane(request, events, turn, keepAlive) }
}
