/**
 * The `WorkerPort` over `node:worker_threads` and `node:child_process`; Bun's are as good
 * (`BunWorkers`).
 */
import type { TurnPort, WorkerPort } from "@portico/core/port/index"
import { NodeKeepAlive } from "../loop/NodeKeepAlive.ts"
import { ProcessLane } from "./process/ProcessLane.ts"
import { NodeLane } from "./NodeLane.ts"

export const make = (turn: TurnPort): WorkerPort => {
  const keepAlive = new NodeKeepAlive()
  return {
    open: (request, events) => {
      const Lane = request.isolation === "processes" ? ProcessLane : NodeLane
      return new Lane(request, events, turn, keepAlive)
    }
  }
}
