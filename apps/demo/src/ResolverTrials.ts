/** The resolver in its three worlds, with a zone of its own: no network is asked. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Program from "../../resolver/src/Program.ts"
import { Zone } from "../../resolver/src/zone/Zone.ts"
import * as HostServer from "./HostServer.ts"
import * as ResolverClient from "./ResolverClient.ts"
import { inThreeWorlds } from "./Worlds.ts"

const load: ResolverClient.Load = { clients: 64, questionsPerClient: 100 }
const simulatedLoad: ResolverClient.Load = { ...load, questionsPerClient: 50 }

const zoneFile = fileURLToPath(new URL("../../resolver/example.zone", import.meta.url))

const onHost = Effect.fnUntraced(function* (host: "node" | "bun") {
  const server = yield* HostServer.start("resolver", host, "--zone", zoneFile)
  const measurement = yield* ResolverClient.drive(server.address, load)
  return { measurement, servers: [server] }
})

// A world of its own has every port free.
const listen = { host: "127.0.0.1", port: 53 }

/** Both ends in one world, in virtual time. */
const simulated = Effect.gen(function* () {
  const zone = Result.getOrThrow(Zone.parse(readFileSync(zoneFile, "utf8"), zoneFile))
  yield* Program.serve({
    listen,
    zones: [zone],
    upstreams: [],
    upstreamTimeout: Duration.seconds(1),
    upstreamDownTime: Duration.seconds(30),
    cacheEntriesMax: 1_000,
    cacheBytesMax: 1024 * 1024,
    ttlMax: Duration.days(1),
    negativeTtlMax: Duration.hours(3),
    queriesMax: 100,
    answerBytesMax: 1_232,
    connectionsMax: simulatedLoad.clients,
    idleTimeout: Duration.seconds(10),
    drainDeadline: Duration.seconds(5)
  })
  return yield* ResolverClient.drive(listen, simulatedLoad)
})

export const resolverTrials = inThreeWorlds({ app: "resolver", onHost, simulated })

export const resolverNotes: ReadonlyArray<string> = [
  "resolver  questions about a zone of its own, a quarter over TCP; every answer is compared"
]
