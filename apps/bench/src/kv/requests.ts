/**
 * The built-in load generator, on Bun: told `KvOptions`, it answers a `FlowOutcome`.
 *
 * Each connection sends 16 requests in one write and the next 16 when all replies are there, as
 * `redis-benchmark` does. Replies have one length, so counting bytes counts them.
 */
import type { Socket } from "bun"
import type { FlowOutcome } from "../load/FlowOutcome.ts"
import { Gauge } from "../load/Gauge.ts"
import { serveWindows } from "../load/serveWindows.ts"
import { warmUp } from "../load/warmUp.ts"
import { clients, inFlight, keys, type KvOptions, type Operation, valueBytes } from "./KvOptions.ts"

const options: KvOptions = JSON.parse(process.argv[2]!)
const gauge = new Gauge()
const value = "x".repeat(valueBytes)

const requestOf = (operation: Operation, key: number): string => {
  const name = `key:${String(key).padStart(12, "0")}`
  const words = operation === "set" ? ["SET", name, value] : ["GET", name]
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`
}

const batchesOf = (operation: Operation): ReadonlyArray<Uint8Array> =>
  Array.from({ length: keys / inFlight }, (_, batch) =>
    new TextEncoder().encode(
      Array.from({ length: inFlight }, (_, at) => requestOf(operation, batch * inFlight + at)).join(
        ""
      )
    )
  )

const replyBytes = {
  set: "+OK\r\n".length,
  get: `$${valueBytes}\r\n${value}\r\n`.length
}

interface Client {
  next: number
  /** Its share of the batches is sent when `next` is here: then no key is missing. */
  readonly shareEnd: number
  unread: number
  unwritten: Uint8Array
  sentAt: number
}

let batches = batchesOf("set")
let operation: Operation = "set"
let deadline = 0
let flowing = 0
let finish = (_now: number): void => {}

const flush = (socket: Socket<Client>): void => {
  const { unwritten } = socket.data
  const taken = socket.write(unwritten)
  socket.data.unwritten = unwritten.subarray(Math.max(0, taken))
}

const send = (socket: Socket<Client>): void => {
  const { data } = socket
  data.unwritten = batches[data.next++ % batches.length]!
  data.unread = inFlight * replyBytes[operation]
  data.sentAt = performance.now()
  flush(socket)
}

const receive = (socket: Socket<Client>, chunk: Uint8Array): void => {
  const { data } = socket
  data.unread -= chunk.length
  if (data.unread > 0) return
  if (data.unread < 0) throw new Error("The server says more than it was asked")
  const now = performance.now()
  for (let count = 0; count < inFlight; count++) gauge.histogram.record((now - data.sentAt) * 1e6)
  if (now < deadline || data.next < data.shareEnd) send(socket)
  else if (--flowing === 0) finish(now)
}

const flow = async (kind: Operation, seconds: number): Promise<FlowOutcome> => {
  operation = kind
  batches = batchesOf(kind)
  deadline = gauge.begin() + seconds * 1_000
  flowing = sockets.length
  const finished = new Promise<number>((resolve) => (finish = resolve))
  for (const socket of sockets) send(socket)
  return gauge.outcome(await finished)
}

const share = Math.ceil(batches.length / clients)
const sockets = await Promise.all(
  Array.from({ length: clients }, (_, index) =>
    Bun.connect<Client>({
      hostname: "127.0.0.1",
      port: options.port,
      data: {
        next: index * share,
        shareEnd: (index + 1) * share,
        unread: 0,
        unwritten: new Uint8Array(),
        sentAt: 0
      },
      socket: { data: receive, drain: flush, close: () => process.exit(1) }
    })
  )
)
await flow("set", 0.5)
const asked = (seconds: number) => flow(options.operation, seconds)
await warmUp(asked, options.warmSeconds, inFlight)
serveWindows(asked, options.seconds)
