/**
 * A world with something of everything: four hosts, TCP, UDP, names, synced files, random order,
 * and a swarm of faults. What it does is hashed step by step, so nothing in it has to be right.
 */
import { Address, Files, Tcp, Udp } from "@portico/core"
import { SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

const port = 4000

/** Answers what it is sent, once it is in a file. */
const serve = Effect.gen(function* () {
  const log = yield* Files.open("/log", { access: "readWrite", create: "ifMissing" })
  yield* Tcp.serve(
    (stream) =>
      Effect.gen(function* () {
        for (;;) {
          const bytes = yield* stream.read
          if (bytes.length === 0) return
          yield* log.write(bytes)
          yield* log.syncData
          yield* stream.write(bytes)
        }
      }),
    { host: "0.0.0.0", port, connectionsMax: 10 }
  )
  return yield* Effect.never
}).pipe(Effect.scoped)

/** Sends datagrams back to whoever sent them. */
const reflect = Effect.gen(function* () {
  const socket = yield* Udp.bind({ host: "0.0.0.0", port })
  for (;;) {
    const { bytes, from } = yield* socket.receive
    yield* Effect.ignore(socket.send(bytes, Address.toInput(from)))
  }
}).pipe(Effect.scoped)

const rounds = 3

const talk = Effect.gen(function* () {
  const stream = yield* Tcp.connect({ host: "server", port })
  for (let round = 0; round < rounds; round++) {
    const bytes = new Uint8Array(yield* Random.nextIntBetween(1, 3000))
    yield* stream.write(bytes)
    yield* stream.readExactly(bytes.length)
  }
}).pipe(Effect.scoped)

const ping = Effect.gen(function* () {
  const socket = yield* Udp.bind({ host: "0.0.0.0", port: 0 })
  for (let round = 0; round < rounds; round++) {
    yield* socket.send(new Uint8Array(100), { host: "10.0.0.2", port })
    yield* Effect.timeoutOption(socket.receive, "20 millis")
  }
}).pipe(Effect.scoped)

/** One after the other, as often as they fail; for a second of virtual time. */
const work = Effect.all([talk, ping], { mode: "result", discard: true }).pipe(
  Effect.andThen(Effect.sleep("5 millis")),
  Effect.repeat({ times: 1 }),
  Effect.timeoutOption("1 second")
)

const scenario = Effect.gen(function* () {
  const world = yield* SimWorld.World
  const server = yield* world.host("server")
  const reflector = yield* world.host("reflector")
  const clients = [yield* world.host("a"), yield* world.host("b")]
  yield* server.start(() => serve)
  yield* reflector.start(() => reflect)
  yield* world.swarm()
  yield* Effect.forEach(clients, (client) => Effect.exit(client.run(work)), {
    concurrency: "unbounded",
    discard: true
  })
}).pipe(Effect.scoped)

/** How the world of that seed went. */
export const runSeed = (seed: number) => {
  const { exit, ...progress } = SimWorld.simulate(scenario, {
    seed,
    order: "random",
    timeMax: "1 minute",
    stepsMax: 200_000
  })
  return { ...progress, ended: exit._tag }
}
