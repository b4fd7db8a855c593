/**
 * The load generator for steady traffic of datagrams, a process of its own, on Bun: as `flow.ts`
 * does, but what does not come back within half a second is lost, counted, and sent anew.
 */
import { DatagramExchange } from "./DatagramExchange.ts"
import type { FlowOptions, FlowOutcome } from "./FlowOutcome.ts"
import { Gauge } from "./Gauge.ts"
import { serveWindows } from "./serveWindows.ts"
import { warmUp } from "./warmUp.ts"

const options: FlowOptions = JSON.parse(process.argv[2]!)
const gauge = new Gauge()
const patienceMillis = 500
const patienceStepMillis = 50

interface Client {
  readonly exchange: DatagramExchange
  readonly socket: Bun.udp.ConnectedSocket<"uint8array">
}

let deadline = 0
let flowing = 0
let finish = (_now: number): void => {}

const send = ({ exchange, socket }: Client, slot: number, now: number): void => {
  // What the kernel has no room for is lost as well.
  socket.send(exchange.send(slot, now))
}

const endIfQuiet = ({ exchange }: Client, now: number): void => {
  if (now >= deadline && exchange.inFlight === 0 && --flowing === 0) finish(now)
}

const open = async (seed: number): Promise<Client> => {
  const exchange = new DatagramExchange(seed, options.shape, gauge.histogram)
  const socket = await Bun.udpSocket({
    hostname: "127.0.0.1",
    connect: { hostname: "127.0.0.1", port: options.port },
    binaryType: "uint8array",
    socket: {
      data: (_socket, bytes) => {
        const now = performance.now()
        const slot = exchange.received(bytes, now)
        if (slot === undefined) return
        if (now < deadline) send(client, slot, now)
        else endIfQuiet(client, now)
      },
      // Bun gives the error alone, and whatever it is, there is no going on.
      error: (error: unknown) => {
        console.error(`The load cannot go on: ${String(error)}`)
        process.exit(1)
      }
    }
  })
  const client = { exchange, socket }
  return client
}

const giveUp = (): void => {
  const now = performance.now()
  for (const client of clients) {
    const given = client.exchange.giveUp(now - patienceMillis)
    if (given.length === 0) continue
    if (now < deadline) for (const slot of given) send(client, slot, now)
    else endIfQuiet(client, now)
  }
}

const flow = async (seconds: number): Promise<FlowOutcome> => {
  for (const { exchange } of clients) exchange.lost = 0
  deadline = gauge.begin() + seconds * 1_000
  flowing = clients.length
  const finished = new Promise<number>((resolve) => (finish = resolve))
  const watch = setInterval(giveUp, patienceStepMillis)
  for (const client of clients) {
    for (let slot = 0; slot < options.shape.inFlight; slot++) send(client, slot, performance.now())
  }
  const outcome = gauge.outcome(await finished)
  clearInterval(watch)
  return { ...outcome, lost: clients.reduce((sum, { exchange }) => sum + exchange.lost, 0) }
}

const clients = await Promise.all(Array.from({ length: options.clients }, (_, seed) => open(seed)))
await warmUp(flow, options.warmSeconds, options.shape.inFlight)
serveWindows(flow, options.seconds)
