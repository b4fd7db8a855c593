/** Echo in its three worlds: on Node, on Bun, in the simulator. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Program from "../../echo/src/Program.ts"
import * as EchoClient from "./EchoClient.ts"
import * as HostServer from "./HostServer.ts"
import { inThreeWorlds } from "./Worlds.ts"

const load: EchoClient.Load = {
  connections: 64,
  // A second or so, which a machine busy with other things may stretch to the trial's limit.
  messagesPerConnection: 80,
  bytesPerMessage: 16 * 1024
}
// The simulator moves every byte itself, in one process.
const simulatedLoad: EchoClient.Load = { ...load, messagesPerConnection: 20 }

const onHost = Effect.fnUntraced(function* (host: "node" | "bun") {
  const server = yield* HostServer.start("echo", host)
  const measurement = yield* EchoClient.drive(server.address, load)
  return { measurement, servers: [server] }
})

// A world of its own has every port free.
const address = { port: 4000 }

/** Both ends in one world, in virtual time. */
const simulated = Effect.gen(function* () {
  yield* Program.serve({
    listen: address,
    connectionsMax: simulatedLoad.connections,
    idleTimeout: Duration.minutes(1),
    drainDeadline: Duration.seconds(5)
  })
  return yield* EchoClient.drive(address, simulatedLoad)
})

export const echoTrials = inThreeWorlds({ app: "echo", onHost, simulated })

export const echoNotes: ReadonlyArray<string> = [
  "echo      one 16 KiB message in flight on each connection; SHA-256 of all sent and all received",
  "sim       client and server in one process, in virtual time, over a network without a bandwidth"
]
