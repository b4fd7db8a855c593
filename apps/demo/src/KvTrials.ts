/** The key-value server in its three worlds, with a log that is synced before each reply. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Program from "../../kv/src/Program.ts"
import * as HostServer from "./HostServer.ts"
import * as KvClient from "./KvClient.ts"
import { inThreeWorlds } from "./Worlds.ts"

const load: KvClient.Load = { clients: 64, roundsPerClient: 20, bytesPerValue: 1024 }
const simulatedLoad: KvClient.Load = { ...load, roundsPerClient: 10 }

const dataFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "portico-demo-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

const onHost = Effect.fnUntraced(function* (host: "node" | "bun") {
  const folder = yield* dataFolder
  const server = yield* HostServer.start("kv", host, "--data", folder, "--sync", "always")
  const measurement = yield* KvClient.drive(server.address, load)
  return { measurement, servers: [server] }
})

const MiB = 1024 * 1024
// A world of its own has every port free, and an empty disk.
const listen = { host: "127.0.0.1", port: 6379 }

/** Both ends in one world, in virtual time. */
const simulated = Effect.gen(function* () {
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

export const kvTrials = inThreeWorlds({ app: "kv", onHost, simulated })

export const kvNotes: ReadonlyArray<string> = [
  "kv        writes, reads, counts, transactions, each reply compared; synced before each reply"
]
