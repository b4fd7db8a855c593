/**
 * What one message costs an echo server in counts, which no busy machine changes: nothing here
 * looks at a clock. A client on `node:net` in the same process sends a message when the last is
 * back.
 */
import { EventLoop, Tcp, type TcpStream } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Net from "node:net"
import { getHeapStatistics } from "node:v8"

export interface Counts {
  /** Callbacks of the host in which fibers ran: one when a message arrives. */
  readonly callbacks: number
  /** Tasks that were queued: none, since the reader is resumed by the callback itself. */
  readonly tasks: number
  /** Turns of the run queue, each of them a way through the host's loop. */
  readonly turns: number
  /** Bytes allocated on the heap, the client's among them. */
  readonly heapBytes: number
}

export type Echo = (stream: TcpStream.TcpStream) => Effect.Effect<unknown, unknown>

const messageBytes = 64

/** Sends messages one after the other; resolves when the last is back. */
const exchange = (socket: Net.Socket, messages: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const message = new Uint8Array(messageBytes).fill(7)
    let left = messages
    let received = 0
    const receive = (chunk: Uint8Array) => {
      received += chunk.length
      if (received < messageBytes) return
      received -= messageBytes
      if (--left > 0) return void socket.write(message)
      socket.off("data", receive)
      resolve()
    }
    socket.on("data", receive)
    socket.once("error", reject)
    socket.write(message)
  })

const connected = (port: number) =>
  Effect.acquireRelease(
    Effect.callback<Net.Socket>((resume) => {
      const socket = Net.connect({ port, host: "127.0.0.1", noDelay: true })
      socket.once("connect", () => resume(Effect.succeed(socket)))
    }),
    (socket) => Effect.sync(() => socket.destroy())
  )

const heapBytes = (): number => getHeapStatistics().total_allocated_bytes

/** For each of the messages, when as many have gone before. */
export const count = (echo: Echo, messages: number) =>
  Effect.gen(function* () {
    const loop = yield* EventLoop.EventLoop
    const server = yield* Tcp.serve(echo, { host: "127.0.0.1", port: 0, connectionsMax: 4 })
    if (server.address._tag === "UnixPathAddress") return yield* Effect.die("Not an inet address")
    const socket = yield* connected(server.address.port)
    yield* Effect.promise(() => exchange(socket, messages))
    const before = yield* loop.snapshot
    const heapBefore = heapBytes()
    yield* Effect.promise(() => exchange(socket, messages))
    const heapAfter = heapBytes()
    const after = yield* loop.snapshot
    const each = (figure: "callbacks" | "tasks" | "turns") =>
      (after[figure] - before[figure]) / messages
    const counts: Counts = {
      callbacks: each("callbacks"),
      tasks: each("tasks"),
      turns: each("turns"),
      heapBytes: (heapAfter - heapBefore) / messages
    }
    return counts
  }).pipe(Effect.scoped)
