/**
 * The load generator for steady traffic, a process of its own, on Bun: measured against the raw
 * servers its sockets cost 6.0 µs of CPU a message where `node:net` with an `onread` slab costs
 * 7.6, and all but 0.65 of it is the kernel's, so a compiled client could gain little more.
 *
 * It connects and gets one message back over each connection, warms up, says `ready` with the
 * milliseconds that connecting took; told to go, it keeps the messages in flight for the time
 * asked, lets the last ones come back, and says `done`. Every message timed is a message counted.
 */
import type { Socket } from "bun"
import { closeAll, connectAll } from "./connect.ts"
import { Exchange } from "./Exchange.ts"
import type { FlowOptions, FlowOutcome } from "./FlowOutcome.ts"
import { Gauge } from "./Gauge.ts"
import { serveWindows } from "./serveWindows.ts"
import { warmUp } from "./warmUp.ts"
import { exchange, receive } from "./Window.ts"

const options: FlowOptions = JSON.parse(process.argv[2]!)
const gauge = new Gauge()

// A connection whose echo came back was accepted, so the backlog never holds more than a batch; the
// least of all contestants' is 100.
const batchMax = 96

const openAll = async (): Promise<ReadonlyArray<Socket<Exchange>>> => {
  const all: Array<Socket<Exchange>> = []
  while (all.length < options.clients) {
    const length = Math.min(batchMax, options.clients - all.length)
    const exchanges = Array.from(
      { length },
      (_, index) => new Exchange(all.length + index, options.shape, gauge.histogram)
    )
    const opened = await connectAll(options.port, exchanges, receive, options.isTls)
    const one = opened.map((socket) => [socket, 1] as const)
    await exchange(one, 0)
    all.push(...opened)
  }
  return all
}

const flow = async (seconds: number): Promise<FlowOutcome> => {
  const started = gauge.begin()
  return gauge.outcome(await exchange(flowing, started + seconds * 1_000))
}

const connectingAt = performance.now()
const sockets = await openAll()
const connectingMillis = performance.now() - connectingAt
const flowing = sockets.map((socket) => [socket, options.shape.inFlight] as const)

await warmUp(flow, options.warmSeconds, options.shape.inFlight)
serveWindows(flow, options.seconds, {
  end: () => closeAll(sockets),
  ready: `${connectingMillis}`
})
