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
import { createInterface } from "node:readline"
import * as Line from "../Line.ts"
import { closeAll, connectAll, flush } from "./connect.ts"
import { Exchange } from "./Exchange.ts"
import { type FlowOptions, type FlowOutcome, secondsOf } from "./FlowOutcome.ts"
import { Histogram } from "./Histogram.ts"

/** Warming up ends with so many messages, or after so many times of what was asked. */
const warmMessages = 5_000
const warmTimesMax = 5

const options: FlowOptions = JSON.parse(process.argv[2]!)
const histogram = new Histogram()

let deadline = 0
let flowing = 0
let finish = (_now: number): void => {}

const receive = (socket: Socket<Exchange>, chunk: Uint8Array): void => {
  const now = performance.now()
  const completed = socket.data.received(chunk, now)
  if (completed === 0) return
  if (now < deadline) {
    socket.data.send(completed, now)
    flush(socket)
  } else if (socket.data.inFlight === 0 && --flowing === 0) {
    finish(now)
  }
}

/** Sends messages, and more as they come back until the time; answers when the last was back. */
const exchange = (
  over: ReadonlyArray<Socket<Exchange>>,
  inFlight: number,
  until: number
): Promise<number> =>
  new Promise((resolve) => {
    finish = resolve
    deadline = until
    flowing = over.length
    for (const socket of over) {
      socket.data.send(inFlight, performance.now())
      flush(socket)
    }
  })

// A connection whose echo came back was accepted, so the backlog never holds more than a batch; the
// least of all contestants' is 100.
const batchMax = 96

const openAll = async (): Promise<ReadonlyArray<Socket<Exchange>>> => {
  const all: Array<Socket<Exchange>> = []
  while (all.length < options.clients) {
    const length = Math.min(batchMax, options.clients - all.length)
    const exchanges = Array.from(
      { length },
      (_, index) => new Exchange(all.length + index, options.shape, histogram)
    )
    const opened = await connectAll(options.port, exchanges, receive, options.isTls)
    await exchange(opened, 1, 0)
    all.push(...opened)
  }
  return all
}

const flow = async (seconds: number): Promise<FlowOutcome> => {
  histogram.clear()
  const cpu = process.cpuUsage()
  const started = performance.now()
  const finished = await exchange(sockets, options.shape.inFlight, started + seconds * 1_000)
  const elapsedMillis = finished - started
  const { system, user } = process.cpuUsage(cpu)
  return {
    messages: histogram.total,
    elapsedMillis,
    p50Millis: histogram.quantileNanos(0.5) / 1e6,
    p99Millis: histogram.quantileNanos(0.99) / 1e6,
    generatorCpuMillis: (user + system) / 1_000
  }
}

const connectingAt = performance.now()
const sockets = await openAll()
const connectingMillis = performance.now() - connectingAt

// On a busy machine a few moments are few messages, and a server that is not compiled yet.
if (options.warmSeconds > 0) {
  let warmed = 0
  for (let time = 0; time < warmTimesMax && warmed < warmMessages; time++) {
    warmed += (await flow(options.warmSeconds)).messages
  }
}

const lines = createInterface({ input: process.stdin })
lines.on("line", (line) => {
  void flow(secondsOf(line) ?? options.seconds).then((outcome) =>
    process.stdout.write(Line.format("done", JSON.stringify(outcome)))
  )
})
lines.on("close", () => {
  closeAll(sockets)
  process.exit(0)
})
process.stdout.write(Line.format("ready", `${connectingMillis}`))
