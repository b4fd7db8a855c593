/**
 * The load generator for fairness, a process of its own, on Bun: clients that send a small message
 * when the last is back, and greedy ones that keep as many bytes on their way as they may.
 *
 * Latencies are those of the first; the outcome says how many messages the greedy got, too.
 */
import type { Socket } from "bun"
import { createInterface } from "node:readline"
import * as Line from "../Line.ts"
import { closeAll, connectAll, flush } from "./connect.ts"
import { Exchange, type Shape } from "./Exchange.ts"
import { Histogram } from "./Histogram.ts"
import { type GreedyOptions, type GreedyOutcome, secondsOf } from "./FlowOutcome.ts"

const options: GreedyOptions = JSON.parse(process.argv[2]!)
const histograms = { polite: new Histogram(), greedy: new Histogram() }

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

const open = (clients: number, shape: Shape, histogram: Histogram) =>
  connectAll(
    options.port,
    Array.from({ length: clients }, (_, seed) => new Exchange(seed, shape, histogram)),
    receive
  )

const polite = await open(options.clients, options.shape, histograms.polite)
const greedy = await open(options.greedyClients, options.greedyShape, histograms.greedy)

const flow = async (seconds: number): Promise<GreedyOutcome> => {
  for (const histogram of Object.values(histograms)) histogram.clear()
  const cpu = process.cpuUsage()
  const started = performance.now()
  deadline = started + seconds * 1_000
  flowing = polite.length + greedy.length
  const finished = new Promise<number>((resolve) => (finish = resolve))
  const start = (socket: Socket<Exchange>, { inFlight }: Shape) => {
    socket.data.send(inFlight, performance.now())
    flush(socket)
  }
  for (const socket of greedy) start(socket, options.greedyShape)
  for (const socket of polite) start(socket, options.shape)
  const elapsedMillis = (await finished) - started
  const { system, user } = process.cpuUsage(cpu)
  return {
    messages: histograms.polite.total,
    greedyMessages: histograms.greedy.total,
    elapsedMillis,
    p50Millis: histograms.polite.quantileNanos(0.5) / 1e6,
    p99Millis: histograms.polite.quantileNanos(0.99) / 1e6,
    generatorCpuMillis: (user + system) / 1_000
  }
}

await flow(options.warmSeconds)

const lines = createInterface({ input: process.stdin })
lines.on("line", (line) => {
  void flow(secondsOf(line) ?? options.seconds).then((outcome) =>
    process.stdout.write(Line.format("done", JSON.stringify(outcome)))
  )
})
lines.on("close", () => {
  closeAll([...polite, ...greedy])
  process.exit(0)
})
process.stdout.write(Line.format("ready", ""))
