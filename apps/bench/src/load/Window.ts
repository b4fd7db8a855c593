/**
 * A window of traffic: messages go over connections, and more as they come back, until its time is
 * over and the last is back. A generator has one at a time.
 */
import type { Socket } from "bun"
import { flush } from "./connect.ts"
import type { Exchange } from "./Exchange.ts"

/** A connection, and how many messages are on their way over it. */
export type Flowing = readonly [socket: Socket<Exchange>, inFlight: number]

let deadline = 0
let flowing = 0
let finish = (_now: number): void => {}

/** What came over a connection of the window. */
export const receive = (socket: Socket<Exchange>, chunk: Uint8Array): void => {
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

/** Sends no message after `until`, of `performance.now()`; answers when the last was back. */
export const exchange = (over: ReadonlyArray<Flowing>, until: number): Promise<number> =>
  new Promise((resolve) => {
    finish = resolve
    deadline = until
    flowing = over.length
    for (const [socket, inFlight] of over) {
      socket.data.send(inFlight, performance.now())
      flush(socket)
    }
  })
