/**
 * A lock among the processes of a host, by a name that one socket at a time may have: Linux's
 * abstract namespace. Node has no flock(2); the kernel takes the name back when the process dies,
 * however it does, as it would that lock. It is seen by Portico alone, on Node and on Bun, and by
 * those of one network namespace.
 */
import { createServer } from "node:net"
import { PortFailure, type FileDone, type PortLock, type TurnPort } from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import { fileFailure } from "../NodeErrno.ts"

const raise = (turn: TurnPort, event: () => void): void => {
  turn.enter()
  try {
    event()
  } finally {
    turn.leave()
  }
}

export const lock = (turn: TurnPort, name: string, done: FileDone<PortLock>): void => {
  // Nobody has business with it; who connects is sent away.
  const server = createServer((socket) => socket.destroy())
  server.unref()
  server.once("error", (error) => {
    const failure = fileFailure(error)
    const isTaken = failure.reason._tag === "AddressInUse"
    raise(turn, () => done(isTaken ? new PortFailure(Reason.Busy(), error) : failure))
  })
  server.listen({ path: `\0portico-lock-${name}` }, () => {
    const release = (released: FileDone<void>): void => {
      server.close(() => raise(turn, () => released(undefined)))
    }
    raise(turn, () => done({ release }))
  })
}
