/** The resolver in its three worlds, with a zone of its own: no network is asked. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Result from "effect/Result"
import { EventLoop, type Tcp, type Udp } from "@portico/core"
import { SimBackend } from "@portico/sim"
import * as Program from "../../resolver/src/Program.ts"
import { Zone } from "../../resolver/src/zone/Zone.ts"
import * as HostServer from "./HostServer.ts"
import * as ResolverClient from "./ResolverClient.ts"
import type { Trial } from "./Trial.ts"

const load: ResolverClient.Load = { clients: 64, questionsPerClient: 100 }
const simulatedLoad: ResolverClient.Load = { ...load, questionsPerClient: 50 }

const zoneFile = fileURLToPath(new URL("../../resolver/example.zone", import.meta.url))

const handlesOpen = EventLoop.EventLoop.use(({ handles }) =>
  Effect.map(handles, (open) => open.length)
)

type Surroundings = ChildProcessSpawner | EventLoop.EventLoop | Tcp.Tcp | Udp.Udp

const onHost = (host: "node" | "bun"): Trial<Surroundings> => ({
  app: "resolver",
  world: host,
  isVirtual: false,
  run: Effect.gen(function* () {
    const server = yield* HostServer.start("resolver", host, "--zone", zoneFile)
    const measurement = yield* ResolverClient.drive(server.address, load)
    const handlesLeft = { client: yield* handlesOpen, server: yield* server.stop }
    return { ...measurement, handlesLeft }
  }).pipe(Effect.scoped)
})

// A world of its own has every port free.
const listen = { host: "127.0.0.1", port: 53 }

/** Both ends in one world, in virtual time. */
const simulated = Effect.gen(function* () {
  const zone = Result.getOrThrow(Zone.parse(readFileSync(zoneFile, "utf8"), zoneFile))
  const measurement = yield* Effect.scoped(
    Effect.gen(function* () {
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
  )
  // The one list holds the handles of both.
  return { ...measurement, handlesLeft: { client: yield* handlesOpen, server: 0 } }
})

const inSimulator: Trial<never> = {
  app: "resolver",
  world: "sim",
  isVirtual: true,
  run: SimBackend.run(simulated, { seed: 1 })
}

export const resolverTrials: ReadonlyArray<Trial<Surroundings>> = [
  onHost("node"),
  onHost("bun"),
  inSimulator
]

export const resolverNotes: ReadonlyArray<string> = [
  "resolver  questions about a zone of its own, a quarter over TCP; every answer is compared"
]
