/**
 * The load generator for idle connections, a process of its own, on Bun: it opens them, sends one
 * message over each and gets it back, says `done`, and holds them until standard input ends.
 */
import { createInterface } from "node:readline"
import type { Socket } from "bun"
import * as Line from "../Line.ts"
import { closeAll, connectAll, flush } from "./connect.ts"
import { Exchange } from "./Exchange.ts"
import { Histogram } from "./Histogram.ts"
import type { IdleOptions } from "./IdleOptions.ts"

const options: IdleOptions = JSON.parse(process.argv[2]!)
const histogram = new Histogram()
const shape = { messageBytes: 64, inFlight: 1 }

// A connection whose echo came back was accepted, so the backlog never holds more than a batch.
const batchMax = 256

let waiting = 0
let batchDone = (): void => {}

const receive = (socket: Socket<Exchange>, chunk: Uint8Array): void => {
  waiting -= socket.data.received(chunk, performance.now())
  if (waiting === 0) batchDone()
}

const openBatch = async (first: number): Promise<ReadonlyArray<Socket<Exchange>>> => {
  const length = Math.min(batchMax, options.connections - first)
  const exchanges = Array.from(
    { length },
    (_, index) => new Exchange(first + index, shape, histogram)
  )
  const opened = await connectAll(options.port, exchanges, receive)
  const echoed = new Promise<void>((resolve) => (batchDone = resolve))
  waiting = length
  for (const socket of opened) {
    socket.data.send(1, performance.now())
    flush(socket)
  }
  await echoed
  return opened
}

const sockets: Array<Socket<Exchange>> = []
while (sockets.length < options.connections) sockets.push(...(await openBatch(sockets.length)))
process.stdout.write(Line.format("done", "{}"))

createInterface({ input: process.stdin }).on("close", () => {
  closeAll(sockets)
  process.exit(0)
})
