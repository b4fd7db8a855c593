/** The thread of `HostLawEnvironment.notifyFromThread`. */
import * as WakeUp from "@portico/core/WakeUp"
import { parentPort, workerData } from "node:worker_threads"

const { cell, times } = workerData as { readonly cell: WakeUp.WakeUpCell; readonly times: number }

parentPort!.postMessage(Array.from({ length: times }, () => WakeUp.notify(cell)))
