/** Effect's sockets say the same in a simulated world as on the host, by platform-node. */
import * as NodeSocket from "@effect/platform-node/NodeSocket"
import * as NodeSocketServer from "@effect/platform-node/NodeSocketServer"
import { Tcp } from "@portico/core"
import { SimBackend, SimSocket, SimSocketServer } from "@portico/sim"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { formatIp, type SocketAddress } from "effect/net/NetAddress"
import * as References from "effect/References"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { effectRpcProgram } from "./effectRpcProgram.ts"
import {
  effectSocketPrograms,
  type SocketProgram,
  type SocketWorld
} from "./effectSocketPrograms.ts"

const at = (address: SocketAddress) =>
  address._tag === "UnixPathAddress"
    ? { path: address.path }
    : { host: formatIp(address.address), port: address.port }

/** A handler's failure is logged, which is nothing to see here. */
const quietly = Effect.provideService(References.MinimumLogLevel, "None")

const onHost = async (program: SocketProgram): Promise<unknown> => {
  const folder = mkdtempSync(join(tmpdir(), "portico-parity-"))
  const world: SocketWorld = {
    listen: ({ allowHalfOpen = false, path, port = 0 } = {}) => {
      const place = path === undefined ? { host: "127.0.0.1", port } : { path }
      return NodeSocketServer.make({ ...place, allowHalfOpen })
    },
    connect: (to, options) => NodeSocket.makeNet({ ...at(to), ...options }),
    path: join(folder, "socket")
  }
  try {
    return await Effect.runPromise(quietly(Effect.scoped(program(world))))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const inSim = (program: SocketProgram, seed: number): unknown => {
  const provided = Effect.gen(function* () {
    const tcp = Effect.provideService(Tcp.Tcp, yield* Tcp.Tcp)
    const world: SocketWorld = {
      listen: ({ allowHalfOpen, path, port = 0 } = {}) => {
        const place = path === undefined ? { host: "127.0.0.1", port } : { path }
        return tcp(SimSocketServer.make({ ...place, allowHalfOpen }))
      },
      connect: (to, options) => tcp(SimSocket.makeNet({ ...at(to), ...options })),
      path: "/tmp/socket"
    }
    return yield* Effect.scoped(program(world))
  })
  const exit = SimBackend.runSync(quietly(provided), { seed, order: "random" })
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(Cause.pretty(exit.cause))
}

const programs: Readonly<Record<string, SocketProgram>> = {
  ...effectSocketPrograms,
  "calls by RPC": effectRpcProgram
}

it.each(Object.keys(programs))("%s", async (name) => {
  const program = programs[name]!
  const said = await onHost(program)
  for (let seed = 0; seed < 5; seed++) expect(inSim(program, seed)).toEqual(said)
})
