/**
 * The load generator for fairness, a process of its own, on Bun: clients that send a small message
 * when the last is back, and greedy ones that keep as many bytes on their way as they may.
 *
 * Latencies are those of the first; the outcome says how many messages the greedy got, too.
 */
import { closeAll, connectAll } from "./connect.ts"
import { Exchange, type Shape } from "./Exchange.ts"
import type { GreedyOptions, GreedyOutcome } from "./FlowOutcome.ts"
import { Gauge } from "./Gauge.ts"
import { Histogram } from "./Histogram.ts"
import { serveWindows } from "./serveWindows.ts"
import { warmUp } from "./warmUp.ts"
import { exchange, receive } from "./Window.ts"

const options: GreedyOptions = JSON.parse(process.argv[2]!)
const gauge = new Gauge()
const greedyMessages = new Histogram()

const open = async (clients: number, shape: Shape, histogram: Histogram) => {
  const exchanges = Array.from(
    { length: clients },
    (_, seed) => new Exchange(seed, shape, histogram)
  )
  const sockets = await connectAll(options.port, exchanges, receive)
  return sockets.map((socket) => [socket, shape.inFlight] as const)
}

const polite = await open(options.clients, options.shape, gauge.histogram)
const greedy = await open(options.greedyClients, options.greedyShape, greedyMessages)

const flow = async (seconds: number): Promise<GreedyOutcome> => {
  greedyMessages.clear()
  const started = gauge.begin()
  const finished = await exchange([...greedy, ...polite], started + seconds * 1_000)
  return { ...gauge.outcome(finished), greedyMessages: greedyMessages.total }
}

await warmUp(flow, options.warmSeconds, options.shape.inFlight)
serveWindows(flow, options.seconds, {
  end: () => closeAll([...polite, ...greedy].map(([socket]) => socket))
})
