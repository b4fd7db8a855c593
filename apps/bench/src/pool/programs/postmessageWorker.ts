/** A thread of `postmessage`. */
import { parentPort } from "node:worker_threads"
import { burn, increment } from "./tasks.ts"

interface Message {
  readonly name: "increment" | "move" | "burn"
  readonly value: unknown
}

parentPort!.on("message", ({ name, value }: Message) => {
  if (name === "move") {
    parentPort!.postMessage(value, [(value as Uint8Array<ArrayBuffer>).buffer])
  } else {
    const task = name === "increment" ? increment : burn
    parentPort!.postMessage(task(value as number))
  }
})
