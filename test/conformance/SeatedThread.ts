/** A thread of the program's own, which locks, says so, and never ends by itself. */
import { BlockingMutex } from "@portico/core/sync/BlockingMutex"
import * as ThreadSeat from "@portico/core/sync/ThreadSeat"
import { parentPort, workerData } from "node:worker_threads"

const { cell, ticket } = workerData as {
  readonly cell: SharedArrayBuffer
  readonly ticket: ThreadSeat.SeatTicket
}

ThreadSeat.sit(ticket, () => performance.now())
new BlockingMutex(cell).lock()
parentPort!.postMessage("locked")
for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
