/** The TFTP server in its three worlds, each time with an empty directory. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import { Files } from "@portico/core"
import * as Program from "../../tftp/src/Program.ts"
import * as HostServer from "./HostServer.ts"
import * as TftpClient from "./TftpClient.ts"
import { inThreeWorlds } from "./Worlds.ts"

const load: TftpClient.Load = { clients: 64, bytesPerClient: 16 * 1024 }
const simulatedLoad = load

const onHost = Effect.fnUntraced(function* (host: "node" | "bun") {
  const root = yield* Files.temporaryDirectory({ prefix: "portico-demo-" })
  const server = yield* HostServer.start("tftp", host, "--root", root)
  const measurement = yield* TftpClient.drive(server.address, load)
  return { measurement, servers: [server] }
})

const listen = { host: "127.0.0.1", port: 69 }

/** Both ends in one world, in virtual time, over its disk. */
const simulated = Effect.gen(function* () {
  yield* Files.createDirectory("/tmp/root")
  yield* Program.serve({
    listen,
    root: "/tmp/root",
    limits: { blockBytesMax: 1_428, windowMax: 16, timeoutSeconds: 1 },
    isReadOnly: false,
    keepsExisting: false,
    uploadBytesMax: 1_000_000,
    transfersMax: simulatedLoad.clients,
    drainDeadline: Duration.seconds(5)
  })
  return yield* TftpClient.drive(listen, simulatedLoad)
  // A line of the log for each transfer is for servers.
}).pipe(Effect.provideService(References.MinimumLogLevel, "None"))

export const tftpTrials = inThreeWorlds({ app: "tftp", onHost, simulated })

export const tftpNotes: ReadonlyArray<string> = [
  "tftp      each client writes a file and reads it back; messages are blocks, latency a file's"
]
