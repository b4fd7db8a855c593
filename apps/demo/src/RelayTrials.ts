/**
 * Relay in its three worlds: every connection goes through it to an echo server of the same world.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { EventLoop, type Tcp } from "@portico/core"
import { SimBackend } from "@portico/sim"
import * as Echo from "../../echo/src/Program.ts"
import * as Relay from "../../relay/src/Program.ts"
import * as EchoClient from "./EchoClient.ts"
import * as HostServer from "./HostServer.ts"
import * as SocksClient from "./SocksClient.ts"
import type { Trial } from "./Trial.ts"

const load: EchoClient.Load = {
  connections: 64,
  // Two processes between the client and itself: half of what echo's trial sends.
  messagesPerConnection: 40,
  bytesPerMessage: 16 * 1024
}
const simulatedLoad: EchoClient.Load = { ...load, messagesPerConnection: 10 }

const handlesOpen = EventLoop.EventLoop.use(({ handles }) =>
  Effect.map(handles, (open) => open.length)
)

type Surroundings = ChildProcessSpawner | EventLoop.EventLoop | Tcp.Tcp

const onHost = (host: "node" | "bun"): Trial<Surroundings> => ({
  app: "relay",
  world: host,
  isVirtual: false,
  run: Effect.gen(function* () {
    const [echo, relay] = yield* Effect.all(
      [HostServer.start("echo", host), HostServer.start("relay", host)],
      { concurrency: 2 }
    )
    const through = SocksClient.connect(relay.address, echo.address)
    const measurement = yield* EchoClient.driveOver(through, load)
    const left = (yield* relay.stop) + (yield* echo.stop)
    return { ...measurement, handlesLeft: { client: yield* handlesOpen, server: left } }
  }).pipe(Effect.scoped)
})

const echoAddress = { port: 4000 }
const relayAddress = { port: 1080 }

/** All three in one world, in virtual time. */
const simulated = Effect.gen(function* () {
  const measurement = yield* Effect.scoped(
    Effect.gen(function* () {
      const bounds = {
        connectionsMax: simulatedLoad.connections,
        idleTimeout: Duration.minutes(1),
        drainDeadline: Duration.seconds(5)
      }
      yield* Echo.serve({ ...bounds, listen: echoAddress })
      yield* Relay.serve({
        ...bounds,
        listen: relayAddress,
        mode: { _tag: "Socks5", credentials: undefined },
        handshakeTimeout: Duration.seconds(10),
        connectTimeout: Duration.seconds(10)
      })
      const through = SocksClient.connect(relayAddress, echoAddress)
      return yield* EchoClient.driveOver(through, simulatedLoad)
    })
  )
  // The one list holds the handles of all.
  return { ...measurement, handlesLeft: { client: yield* handlesOpen, server: 0 } }
})

const inSimulator: Trial<never> = {
  app: "relay",
  world: "sim",
  isVirtual: true,
  run: SimBackend.run(simulated, { seed: 1 })
}

export const relayTrials: ReadonlyArray<Trial<Surroundings>> = [
  onHost("node"),
  onHost("bun"),
  inSimulator
]

export const relayNotes: ReadonlyArray<string> = [
  "relay the same client, by SOCKS5 through a relay, to an echo server in a process of its own"
]
