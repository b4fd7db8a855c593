/** Two workers and bare messages, in turn to the one and to the other. */
import { type Transferable, Worker } from "node:worker_threads"
import { run } from "./promises.ts"

type Settle = (value: never) => void

const start = () => {
  const worker = new Worker(new URL("./postmessageWorker.ts", import.meta.url))
  // A worker answers in order.
  const waiting: Array<Settle> = []
  worker.on("message", (value: unknown) => waiting.shift()!(value as never))
  return { worker, waiting }
}

const workers = [start(), start()] as const
let turn = 0

const ask = <A>(name: string, value: unknown, transfer: Array<Transferable> = []): Promise<A> => {
  const { waiting, worker } = workers[turn++ & 1]!
  worker.postMessage({ name, value }, transfer)
  return new Promise<A>((resolve) => waiting.push(resolve as Settle))
}

await run({
  increment: (number) => ask("increment", number),
  move: (bytes) => ask("move", bytes, [bytes.buffer as Transferable]),
  burn: (millis) => ask("burn", millis)
})
