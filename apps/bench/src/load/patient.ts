/**
 * The load generator for a server that may not answer, a process of its own, on Bun: one
 * connection, one message at a time, and an end to its patience.
 *
 * It connects, warms up, says `ready`; told to go, it sends the next message when one is back, for
 * the time asked, and says `done` when the last is back or was waited for long enough.
 */
import type { Socket } from "bun"
import { closeAll, connectAll, flush } from "./connect.ts"
import { Exchange } from "./Exchange.ts"
import { Histogram } from "./Histogram.ts"
import type { PatientOptions, PatientOutcome } from "./PatientOutcome.ts"
import { serveWindows } from "./serveWindows.ts"

const options: PatientOptions = JSON.parse(process.argv[2]!)
const histogram = new Histogram()
const patienceMillis = options.patienceSeconds * 1_000
/** How much later than its limit a wait may be given up. */
const patienceStepMillis = 20

let deadline = 0
let sentAt = 0
let finish = (_givenUp: boolean): void => {}

const send = (socket: Socket<Exchange>, now: number): void => {
  sentAt = now
  socket.data.send(1, now)
  flush(socket)
}

const receive = (socket: Socket<Exchange>, chunk: Uint8Array): void => {
  const now = performance.now()
  if (socket.data.received(chunk, now) === 0) return
  if (now < deadline) send(socket, now)
  else finish(false)
}

/** Answers whether the last message was given up; it counts as patience, no more. */
const exchange = async (socket: Socket<Exchange>, seconds: number): Promise<boolean> => {
  histogram.clear()
  const finished = new Promise<boolean>((resolve) => (finish = resolve))
  deadline = performance.now() + seconds * 1_000
  const watch = setInterval(() => {
    if (performance.now() - sentAt >= patienceMillis) finish(true)
  }, patienceStepMillis)
  send(socket, performance.now())
  const isUnanswered = await finished
  clearInterval(watch)
  if (isUnanswered) histogram.record(patienceMillis * 1e6)
  return isUnanswered
}

const figure = (share: number, isUnanswered: boolean) => {
  const nanos = histogram.quantileNanos(share)
  // The message that was given up is the slowest of all.
  const isBound = isUnanswered && nanos === histogram.quantileNanos(1)
  return isBound ? { atLeast: patienceMillis } : nanos / 1e6
}

const go = async (socket: Socket<Exchange>, seconds: number): Promise<PatientOutcome> => {
  const cpu = process.cpuUsage()
  const started = performance.now()
  const isUnanswered = await exchange(socket, seconds)
  const { system, user } = process.cpuUsage(cpu)
  return {
    p50Millis: figure(0.5, isUnanswered),
    p99Millis: figure(0.99, isUnanswered),
    isUnanswered,
    generatorBusy: (user + system) / 1_000 / (performance.now() - started)
  }
}

const shape = { messageBytes: options.messageBytes, inFlight: 1 }
const [socket] = await connectAll(options.port, [new Exchange(0, shape, histogram)], receive)
if (await exchange(socket!, options.warmSeconds)) {
  console.error("The server did not answer in the warm-up")
  process.exit(1)
}

serveWindows((seconds) => go(socket!, seconds), options.seconds, {
  end: () => closeAll([socket!])
})
