import { Files, Tcp } from "@portico/core"
import { Explore, Probe, SimWorld } from "@portico/sim"
import { Effect, Schedule } from "effect"

const path = "/tmp/log"

// Keeps each number that it is sent, and says so.
const keeper = (syncs: boolean) =>
  Effect.gen(function* () {
    const file = yield* Files.open(path, { access: "write", append: true, create: "ifMissing" })
    yield* Files.syncDirectory("/tmp")
    yield* Tcp.serve(
      (stream) =>
        Effect.gen(function* () {
          yield* file.write(yield* stream.readExactly(1))
          if (syncs) yield* file.sync
          yield* stream.write(Uint8Array.of(1))
        }),
      { host: "0.0.0.0", port: 4000, connectionsMax: 10 }
    )
    return yield* Effect.never
  }).pipe(Effect.scoped)

const keep = (number: number) =>
  Effect.gen(function* () {
    const stream = yield* Tcp.connect({ host: "server", port: 4000 })
    yield* stream.write(Uint8Array.of(number))
    yield* stream.readExactly(1)
  }).pipe(Effect.scoped, Effect.timeout("1 second"))

const scenario = (syncs: boolean) =>
  Effect.gen(function* () {
    const world = yield* SimWorld.World
    const server = yield* world.host("server")
    const client = yield* world.host("client")
    yield* server.start(() => keeper(syncs))

    // Safety: under faults, what was promised is kept.
    const acknowledged: Array<number> = []
    const faulty = Effect.gen(function* () {
      yield* world.swarm({ hosts: [server], downMax: 1, families: ["power", "loss", "latency"] })
      for (let number = 0; number < 20; number++) {
        const kept = yield* Effect.option(client.run(keep(number)))
        if (kept._tag === "Some") acknowledged.push(number)
        yield* Effect.sleep("100 millis")
      }
    })
    yield* Effect.scoped(faulty)

    // Liveness: without them, it works again.
    yield* world.heal()
    yield* Effect.retry(client.run(keep(99)), Schedule.spaced("100 millis"))

    const log = yield* server.run(Files.readFile(path, { bytesMax: 1000 }))
    const lost = acknowledged.filter((number) => !log.includes(number))
    yield* Probe.always(
      "what was acknowledged is kept",
      lost.length === 0,
      `lost: ${lost.join(",")}`
    )
  })

for (const syncs of [false, true]) {
  const { found, runs } = Explore.exploreSync({ world: scenario(syncs) }, { runs: 50 })
  const failures = found.map(({ failure }) => Explore.fingerprint(failure))
  console.log(syncs ? "with" : "without", "sync:", failures[0] ?? `nothing in ${runs} worlds`)
}
