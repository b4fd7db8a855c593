/**
 * The built-in load generator, where there is no `dnsperf`: on Bun, as `datagrams.ts`, but what is
 * sent are DNS queries, and what comes back must repeat id and question and hold one answer.
 */
import type { FlowOptions, FlowOutcome } from "../load/FlowOutcome.ts"
import { Gauge } from "../load/Gauge.ts"
import { serveWindows } from "../load/serveWindows.ts"
import { warmUp } from "../load/warmUp.ts"
import { inFlight, names } from "./Names.ts"

const options: FlowOptions = JSON.parse(process.argv[2]!)
const slotsPerClient = Math.ceil(inFlight / options.clients)
const gauge = new Gauge()
const patienceMillis = 500
const patienceStepMillis = 50

const queryOf = (name: string): Uint8Array => {
  const labels = name.split(".").flatMap((label) => [label.length, ...Buffer.from(label)])
  return Uint8Array.of(0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1)
}

const queries = names.map(queryOf)

interface Slot {
  query: Uint8Array
  /** Undefined when nothing is in flight. */
  sentAt: number | undefined
}

let deadline = 0
let waiting = 0
let lost = 0
let next = 0
let finish = (_now: number): void => {}

class Client {
  readonly slots: Array<Slot> = Array.from({ length: slotsPerClient }, () => ({
    query: queries[0]!,
    sentAt: undefined
  }))
  socket!: Bun.udp.ConnectedSocket<"uint8array">

  send(index: number, now: number): void {
    const slot = this.slots[index]!
    slot.query = queries[next++ % queries.length]!
    slot.sentAt = now
    waiting++
    slot.query[0] = 0
    slot.query[1] = index
    this.socket.send(slot.query)
  }

  receive(bytes: Uint8Array, now: number): void {
    const slot = this.slots[bytes[1]!]
    if (slot?.sentAt === undefined) return
    const isAnswer = bytes[2]! >= 0x80 && (bytes[3]! & 0x0f) === 0 && bytes[7] === 1
    const isSame = slot.query.subarray(12).every((byte, at) => byte === bytes[12 + at])
    if (!isSame) return
    if (!isAnswer) throw new Error(`Not an answer: ${bytes.join(" ")}`)
    gauge.histogram.record((now - slot.sentAt) * 1e6)
    this.free(bytes[1]!, now)
  }

  free(index: number, now: number): void {
    this.slots[index]!.sentAt = undefined
    waiting--
    if (now < deadline) this.send(index, now)
    else if (waiting === 0) finish(now)
  }

  giveUp(now: number): void {
    for (const [index, { sentAt }] of this.slots.entries()) {
      if (sentAt === undefined || now - sentAt < patienceMillis) continue
      lost++
      this.free(index, now)
    }
  }
}

const open = async (): Promise<Client> => {
  const client = new Client()
  client.socket = await Bun.udpSocket({
    hostname: "127.0.0.1",
    connect: { hostname: "127.0.0.1", port: options.port },
    binaryType: "uint8array",
    socket: {
      data: (_socket, bytes) => client.receive(bytes, performance.now()),
      error: (error: unknown) => {
        console.error(`The load cannot go on: ${String(error)}`)
        process.exit(1)
      }
    }
  })
  return client
}

const flow = async (seconds: number): Promise<FlowOutcome> => {
  lost = 0
  deadline = gauge.begin() + seconds * 1_000
  const finished = new Promise<number>((resolve) => (finish = resolve))
  const watch = setInterval(() => {
    for (const client of clients) client.giveUp(performance.now())
  }, patienceStepMillis)
  for (const client of clients) {
    for (const index of client.slots.keys()) client.send(index, performance.now())
  }
  const outcome = gauge.outcome(await finished)
  clearInterval(watch)
  return { ...outcome, lost }
}

const clients = await Promise.all(Array.from({ length: options.clients }, open))
await warmUp(flow, options.warmSeconds)
serveWindows(flow, options.seconds)
