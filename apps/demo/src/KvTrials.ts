/** The key-value server in its three worlds, with a log that is synced before each reply. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { EventLoop, type Tcp } from "@portico/core"
import { SimBackend } from "@portico/sim"
import * as Program from "../../kv/src/Program.ts"
import * as HostServer from "./HostServer.ts"
import * as KvClient from "./KvClient.ts"
import type { Trial } from "./Trial.ts"

const load: KvClient.Load = { clients: 64, roundsPerClient: 20, bytesPerValue: 1024 }
const simulatedLoad: KvClient.Load = { ...load, roundsPerClient: 10 }

const handlesOpen = EventLoop.EventLoop.use(({ handles }) =>
  Effect.map(handles, (open) => open.length)
)

type Surroundings = ChildProcessSpawner | EventLoop.EventLoop | Tcp.Tcp

const dataFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "portico-demo-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

const onHost = (host: "node" | "bun"): Trial<Surroundings> => ({
  app: "kv",
  world: host,
  isVirtual: false,
  run: Effect.gen(function* () {
    const folder = yield* dataFolder
    const server = yield* HostServer.start("kv", host, "--data", folder, "--sync", "always")
    const measurement = yield* KvClient.drive(server.address, load)
    const handlesLeft = { client: yield* handlesOpen, server: yield* server.stop }
    return { ...measurement, handlesLeft }
  }).pipe(Effect.scoped)
})

const MiB = 1024 * 1024
// A world of its own has every port free, and an empty disk.
const listen = { host: "127.0.0.1", port: 6379 }

/** Both ends in one world, in virtual time. */
const simulated = Effect.gen(function* () {
  const measurement = yield* Effect.scoped(
    Effect.gen(function* () {
      yield* Program.serve({
        listen,
        data: "/kv",
        processId: 1,
        sync: "always",
        rewriteBytesMin: MiB,
        memoryBytesMax: 64 * MiB,
        requestBytesMax: MiB,
        replyBytesMax: MiB,
        inputBytesMax: 4 * MiB,
        subscriberBytesMax: MiB,
        transactionBytesMax: MiB,
        connectionsMax: simulatedLoad.clients,
        idleTimeout: Duration.minutes(1),
        drainDeadline: Duration.seconds(5)
      })
      return yield* KvClient.drive(listen, simulatedLoad)
    })
  )
  // The one list holds the handles of both.
  return { ...measurement, handlesLeft: { client: yield* handlesOpen, server: 0 } }
})

const inSimulator: Trial<never> = {
  app: "kv",
  world: "sim",
  isVirtual: true,
  run: SimBackend.run(simulated, { seed: 1 })
}

export const kvTrials: ReadonlyArray<Trial<Surroundings>> = [
  onHost("node"),
  onHost("bun"),
  inSimulator
]

export const kvNotes: ReadonlyArray<string> = [
  "kv    writes, reads, counts, transactions, each reply compared; synced before each reply"
]
