import { Tcp } from "@portico/core"
import { Explore, Probe, SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

const port = 80
const runs = 20

const serve = () =>
  Tcp.serve((stream) => Effect.flatMap(stream.readExactly(8), (bytes) => stream.write(bytes)), {
    host: "0.0.0.0",
    port,
    connectionsMax: 10
  }).pipe(Effect.andThen(Effect.never), Effect.scoped)

const call = (host: string) =>
  Effect.gen(function* () {
    const stream = yield* Tcp.connect({ host, port })
    yield* stream.write(new Uint8Array(8))
    yield* stream.readExactly(8)
    yield* Probe.committed
    // A host may be slow to start its server.
  }).pipe(Effect.scoped, Effect.retry({ times: 1_000, schedule: Schedule.spaced("10 millis") }))

const world = Effect.gen(function* () {
  const { host } = yield* SimWorld.World
  const client = yield* host("client")
  for (const name of ["a", "b"]) yield* (yield* host(name)).start(serve)
  yield* Effect.sleep("1 millis")
  yield* client.run(Effect.all([call("a"), call("b")], { concurrency: 2, discard: true }))
})

/** Worlds of three hosts, one of which calls the others. */
export const rpcWorld = (seed: number): number => {
  const { found, runs: worlds } = Explore.exploreSync({ world }, { seed: seed * runs, runs })
  if (found[0] !== undefined) throw new Error(found[0].failure.message)
  return worlds
}
