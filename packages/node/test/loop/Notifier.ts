/** A worker thread that notifies the cells it is given, in order, and tells what each said. */
import { notify } from "@portico/core/WakeUp"
import { parentPort, workerData } from "node:worker_threads"

/** Posted to it: which cell to notify how often; the answer is posted back. */
export interface Notification {
  readonly cell: number
  readonly times: number
}

const cells = workerData as ReadonlyArray<SharedArrayBuffer>

parentPort?.on("message", (notifications: ReadonlyArray<Notification> | "end") => {
  if (notifications === "end") return parentPort!.close()
  const answers = notifications.map(({ cell, times }) => {
    let answer = false
    for (let time = 0; time < times; time++) answer = notify(cells[cell]!)
    return answer
  })
  parentPort!.postMessage(answers)
})
