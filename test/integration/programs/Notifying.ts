/** A thread that notifies the cells it is given: `2 0 1*1000` is cell 2, cell 0, cell 1 often. */
import { parentPort, workerData } from "node:worker_threads"
import { WakeUp } from "@portico/core"

const cells = workerData as ReadonlyArray<WakeUp.WakeUpCell>

const notify = (request: string): boolean => {
  const [cell, times] = request.split("*")
  let answer = false
  for (let left = Number(times ?? 1); left > 0; left--) {
    answer = WakeUp.notify(cells[Number(cell)]!)
  }
  return answer
}

parentPort?.on("message", (requests: string) => {
  if (requests === "end") parentPort!.close()
  else parentPort!.postMessage(requests.split(" ").map(notify).join(" "))
})
