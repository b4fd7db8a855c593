/**
 * A lock among the processes of a host, by names that one socket each may have: Linux's abstract
 * namespace. Node has no flock(2); the kernel takes a name back when its process dies, however it
 * does, as it would that lock. It is seen by Portico alone, on Node and on Bun, and by those of one
 * network namespace.
 *
 * Each lock has a few names. Who shares it holds any one of them, and who has it for himself all,
 * of which he takes the first one first: so of two who want them all, one goes away at once.
 */
import { createServer, type Server } from "node:net"
import {
  type FileDone,
  PortFailure,
  type PortLock,
  raise,
  type TurnPort
} from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import { fileFailure } from "../NodeErrno.ts"

/** How many may share a lock. */
export const sharersMax = 16

const claim = (name: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    // Nobody has business with it; who connects is sent away.
    const server = createServer((socket) => socket.destroy())
    server.unref()
    server.once("error", reject)
    // (A worker of `node:cluster` would share it with the others.)
    server.listen({ path: `\0portico-lock-${name}`, exclusive: true }, () => resolve(server))
  })

const free = (servers: ReadonlyArray<Server>): Promise<unknown> =>
  Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))

const isTaken = (error: unknown): boolean => fileFailure(error).reason._tag === "AddressInUse"

const claimOne = async (name: string): Promise<ReadonlyArray<Server>> => {
  for (let seat = 0; ; seat++) {
    try {
      return [await claim(`${name}-${seat}`)]
    } catch (error) {
      if (!isTaken(error) || seat + 1 === sharersMax) throw error
    }
  }
}

const claimAll = async (name: string): Promise<ReadonlyArray<Server>> => {
  const servers: Array<Server> = []
  try {
    for (let seat = 0; seat < sharersMax; seat++) servers.push(await claim(`${name}-${seat}`))
    return servers
  } catch (error) {
    await free(servers)
    throw error
  }
}

export const lock = (
  turn: TurnPort,
  name: string,
  isShared: boolean,
  done: FileDone<PortLock>
): void => {
  const claimed = isShared ? claimOne(name) : claimAll(name)
  claimed.then(
    (servers) => {
      const release = (released: FileDone<void>): void =>
        void free(servers).then(() => raise(turn, () => released(undefined)))
      raise(turn, () => done({ release }))
    },
    (error: unknown) => {
      const failure = isTaken(error) ? new PortFailure(Reason.Busy(), error) : fileFailure(error)
      raise(turn, () => done(failure))
    }
  )
}
