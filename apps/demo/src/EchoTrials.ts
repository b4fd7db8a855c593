/** Echo in its three worlds: on Node, on Bun, in the simulator. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { EventLoop, type Tcp } from "@portico/core"
import { SimBackend } from "@portico/sim"
import * as Program from "../../echo/src/Program.ts"
import * as EchoClient from "./EchoClient.ts"
import * as HostServer from "./HostServer.ts"
import type { Trial } from "./Trial.ts"

const load: EchoClient.Load = {
  connections: 64,
  // A second or so, which a machine busy with other things may stretch to the trial's limit.
  messagesPerConnection: 80,
  bytesPerMessage: 16 * 1024
}
// The simulator moves every byte itself, in one process.
const simulatedLoad: EchoClient.Load = { ...load, messagesPerConnection: 20 }

const handlesOpen = EventLoop.EventLoop.use(({ handles }) =>
  Effect.map(handles, (open) => open.length)
)

/** The client's backend, and what starts processes. */
type Surroundings = ChildProcessSpawner | EventLoop.EventLoop | Tcp.Tcp

const onHost = (host: "node" | "bun"): Trial<Surroundings> => ({
  app: "echo",
  world: host,
  isVirtual: false,
  run: Effect.gen(function* () {
    const server = yield* HostServer.start("echo", host)
    const measurement = yield* EchoClient.drive(server.address, load)
    const handlesLeft = { client: yield* handlesOpen, server: yield* server.stop }
    return { ...measurement, handlesLeft }
  }).pipe(Effect.scoped)
})

// A world of its own has every port free.
const address = { port: 4000 }

/** Both ends in one world, in virtual time. */
const simulated = Effect.gen(function* () {
  const measurement = yield* Effect.scoped(
    Effect.gen(function* () {
      yield* Program.serve({
        listen: address,
        connectionsMax: simulatedLoad.connections,
        idleTimeout: Duration.minutes(1),
        drainDeadline: Duration.seconds(5)
      })
      return yield* EchoClient.drive(address, simulatedLoad)
    })
  )
  // The one list holds the handles of both.
  return { ...measurement, handlesLeft: { client: yield* handlesOpen, server: 0 } }
})

const inSimulator: Trial<never> = {
  app: "echo",
  world: "sim",
  isVirtual: true,
  run: SimBackend.run(simulated, { seed: 1 })
}

export const echoTrials: ReadonlyArray<Trial<Surroundings>> = [
  onHost("node"),
  onHost("bun"),
  inSimulator
]

export const echoNotes: ReadonlyArray<string> = [
  "echo  one 16 KiB message in flight on every connection; SHA-256 of all sent and all received",
  "sim   client and server in one process, in virtual time, over a network without a bandwidth"
]
