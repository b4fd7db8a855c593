/**
 * Relay in its three worlds: every connection goes through it to an echo server of the same world.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Echo from "../../echo/src/Program.ts"
import * as Relay from "../../relay/src/Program.ts"
import * as EchoClient from "./EchoClient.ts"
import * as HostServer from "./HostServer.ts"
import * as SocksClient from "./SocksClient.ts"
import { inThreeWorlds } from "./Worlds.ts"

const load: EchoClient.Load = {
  connections: 64,
  // Two processes between the client and itself: half of what echo's trial sends.
  messagesPerConnection: 40,
  bytesPerMessage: 16 * 1024
}
const simulatedLoad: EchoClient.Load = { ...load, messagesPerConnection: 10 }

const onHost = Effect.fnUntraced(function* (host: "node" | "bun") {
  const [echo, relay] = yield* Effect.all(
    [HostServer.start("echo", host), HostServer.start("relay", host)],
    { concurrency: 2 }
  )
  const through = SocksClient.connect(relay.address, echo.address)
  const measurement = yield* EchoClient.driveOver(through, load)
  return { measurement, servers: [relay, echo] }
})

const echoAddress = { port: 4000 }
const relayAddress = { port: 1080 }

/** All three in one world, in virtual time. */
const simulated = Effect.gen(function* () {
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

export const relayTrials = inThreeWorlds({ app: "relay", onHost, simulated })

export const relayNotes: ReadonlyArray<string> = [
  "relay     the same client, by SOCKS5 through a relay, to an echo server in a process of its own"
]
