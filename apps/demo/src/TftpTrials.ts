/** The TFTP server in its three worlds, each time with an empty directory. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { EventLoop, Files, type Udp } from "@portico/core"
import { SimBackend } from "@portico/sim"
import * as Program from "../../tftp/src/Program.ts"
import * as HostServer from "./HostServer.ts"
import * as TftpClient from "./TftpClient.ts"
import type { Trial } from "./Trial.ts"

const load: TftpClient.Load = { clients: 64, bytesPerClient: 16 * 1024 }
const simulatedLoad = load

const handlesOpen = EventLoop.EventLoop.use(({ handles }) =>
  Effect.map(handles, (open) => open.length)
)

type Surroundings = ChildProcessSpawner | EventLoop.EventLoop | Files.Files | Udp.Udp

const onHost = (host: "node" | "bun"): Trial<Surroundings> => ({
  app: "tftp",
  world: host,
  isVirtual: false,
  run: Effect.gen(function* () {
    const root = yield* Files.temporaryDirectory({ prefix: "portico-demo-" })
    const server = yield* HostServer.start("tftp", host, "--root", root)
    const measurement = yield* TftpClient.drive(server.address, load)
    const handlesLeft = { client: yield* handlesOpen, server: yield* server.stop }
    return { ...measurement, handlesLeft }
  }).pipe(Effect.scoped)
})

const listen = { host: "127.0.0.1", port: 69 }

/** Both ends in one world, in virtual time, over its disk. */
const simulated = Effect.gen(function* () {
  yield* Files.createDirectory("/tmp/root")
  const measurement = yield* Effect.scoped(
    Effect.gen(function* () {
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
    })
  )
  return { ...measurement, handlesLeft: { client: yield* handlesOpen, server: 0 } }
})

const inSimulator: Trial<never> = {
  app: "tftp",
  world: "sim",
  isVirtual: true,
  // A line of the log for each transfer is for servers.
  run: Effect.provideService(
    SimBackend.run(simulated, { seed: 1 }),
    References.MinimumLogLevel,
    "None"
  )
}

export const tftpTrials: ReadonlyArray<Trial<Surroundings>> = [
  onHost("node"),
  onHost("bun"),
  inSimulator
]

export const tftpNotes: ReadonlyArray<string> = [
  "tftp      each client writes a file and reads it back; messages are blocks, latency a file's"
]
