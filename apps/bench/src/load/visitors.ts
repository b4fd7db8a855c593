/**
 * The load generator for a server that runs out of descriptors, a process of its own, on Bun. Each
 * line is a task: `fill` connects all visitors at once and answers how many had an echo when no
 * more came; `resume` resets them all, and answers how long a new visitor waited for its echo.
 */
import type { Socket } from "bun"
import { createInterface } from "node:readline"
import * as Line from "../Line.ts"

export interface VisitorsOptions {
  readonly port: number
  readonly visitors: number
}

const options: VisitorsOptions = JSON.parse(process.argv[2]!)

/** Nothing has happened for as long: who has not had an echo now waits for a descriptor. */
const quietMillis = 300
const firstLimitMillis = 20_000
const stepMillis = 20
const resumeLimitMillis = 30_000

interface Visitor {
  isAnswered: boolean
}

let answered = 0
let lastAt = performance.now()
const sockets = new Set<Socket<Visitor>>()

const visit = (): Promise<void> =>
  new Promise((resolve) => {
    const handler = {
      open: (socket: Socket<Visitor>) => {
        sockets.add(socket)
        socket.write("x\n")
      },
      data: (socket: Socket<Visitor>) => {
        if (socket.data.isAnswered) return
        socket.data.isAnswered = true
        answered++
        lastAt = performance.now()
        resolve()
      },
      // Reset or closed before its echo: it was turned away.
      close: (socket: Socket<Visitor>) => void sockets.delete(socket),
      error: () => {},
      connectError: () => {}
    }
    const data = { isAnswered: false }
    const connecting = Bun.connect({
      hostname: "127.0.0.1",
      port: options.port,
      data,
      socket: handler
    })
    connecting.catch(() => {})
  })

const fill = async (): Promise<number> => {
  for (let count = 0; count < options.visitors; count++) void visit()
  lastAt = performance.now()
  const limit = (): number => (answered === 0 ? firstLimitMillis : quietMillis)
  while (performance.now() - lastAt < limit()) await Bun.sleep(stepMillis)
  return answered
}

const resume = async (): Promise<number> => {
  for (const socket of sockets) socket.terminate()
  const since = performance.now()
  const limit = since + resumeLimitMillis
  // One that was turned away tries again, as clients do.
  let isBack = false
  while (!isBack && performance.now() < limit) {
    const visited = visit().then(() => (isBack = true))
    await Promise.race([visited, Bun.sleep(stepMillis)])
  }
  if (!isBack) throw new Error("The server did not resume")
  return performance.now() - since
}

const tasks: { readonly [task: string]: () => Promise<number> } = { fill, resume }

const lines = createInterface({ input: process.stdin })
lines.on("line", (line) => {
  void tasks[line]!().then(
    (answer) => process.stdout.write(Line.format("done", `${answer}`)),
    (error) => {
      console.error(error.message)
      process.exit(1)
    }
  )
})
lines.on("close", () => process.exit(0))
process.stdout.write(Line.format("ready", ""))
