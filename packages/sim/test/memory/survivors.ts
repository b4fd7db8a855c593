/**
 * Prints how many bytes of a world are left, per world, when a minor collection has run: those of
 * one host, and those of two that talk. Needs `--expose-gc`.
 */
import { getHeapStatistics } from "node:v8"
import { Tcp } from "@portico/core"
import { Explore, SimBackend, SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"

const worlds = 40
const rounds = 6

const collect = (globalThis as unknown as { gc: (options?: { type: "minor" }) => void }).gc
const bytesUsed = () => getHeapStatistics().used_heap_size

const bytesOfRound = (makeWorld: (seed: number) => void): number => {
  collect()
  const before = bytesUsed()
  for (let seed = 0; seed < worlds; seed++) makeWorld(seed)
  collect({ type: "minor" })
  collect({ type: "minor" })
  return Math.round((bytesUsed() - before) / worlds)
}

// What the host compiles and measures on the way is in some rounds; what survives is in all.
const bytesLeft = (makeWorld: (seed: number) => void): number =>
  Math.min(...Array.from({ length: rounds }, () => bytesOfRound(makeWorld)))

// No generator function that holds a stream: V8 makes each that is called a hidden class, in old
// space. That is how programs are written, and not what the simulator can help.
const port = 80
const listen = Effect.scoped(Tcp.listen({ port }))
const bytes = new Uint8Array(8)

const serve = Tcp.serve(
  (stream) => Effect.flatMap(stream.readExactly(bytes.length), (read) => stream.write(read)),
  { host: "0.0.0.0", port, connectionsMax: 10 }
).pipe(Effect.andThen(Effect.never), Effect.scoped)

const ask = Effect.scoped(
  Effect.flatMap(Tcp.connect({ host: "server", port }), (stream) =>
    Effect.andThen(stream.write(bytes), stream.readExactly(bytes.length))
  )
)

const world = Effect.gen(function* () {
  const { host } = yield* SimWorld.World
  const [server, client] = [yield* host("server"), yield* host("client")]
  yield* server.start(() => serve)
  yield* Effect.sleep("1 millis")
  yield* client.run(Effect.all([ask, ask], { concurrency: 2 }))
})

const left = [
  bytesLeft((seed) => SimBackend.simulate(listen, { seed })),
  bytesLeft((seed) => SimWorld.simulate(world, { seed })),
  bytesLeft((seed) => Explore.exploreSync({ world }, { seed, runs: 1, strategy: "random" }))
]
process.stdout.write(JSON.stringify(left))
