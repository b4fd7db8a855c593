import { Tcp } from "@portico/core"
import { Explore, Probe, SimWorld } from "@portico/sim"
import { Effect, Schedule } from "effect"

const port = 7000
const serve = () =>
  Tcp.serve((stream) => stream.copyTo(stream), { host: "0.0.0.0", port, connectionsMax: 10 }).pipe(
    Effect.andThen(Effect.never),
    Effect.scoped
  )

const ask = Effect.gen(function* () {
  const stream = yield* Tcp.connect({ host: "server", port })
  yield* stream.write(Uint8Array.of(1))
  yield* stream.readExactly(1)
}).pipe(Effect.scoped)

// Of a peer that has lost power a connection never hears: without a deadline it waits for ever.
const patient = Effect.retry(ask, Schedule.spaced("10 seconds"))
const bounded = Effect.retry(Effect.timeout(ask, "10 seconds"), Schedule.spaced("10 seconds"))

// The server loses power in the middle of one of its first I/O events, for a minute.
const scenario = (asking: Effect.Effect<void, unknown, Tcp.Tcp>) =>
  Effect.gen(function* () {
    const world = yield* SimWorld.World
    const [server, client] = [yield* world.host("server"), yield* world.host("client")]
    yield* server.start(serve)
    const index = yield* Probe.choose("event", [1, 2, 3, 4, 5, 6])
    yield* server.strikeAt({ index }, { crash: { kind: "power" }, downtime: "1 minute" })
    yield* client.run(asking)
  }).pipe(Effect.scoped)

for (const [name, asking] of Object.entries({ patient, bounded })) {
  const { found, nanos, runs } = Explore.exploreSync({ world: scenario(asking) }, { runs: 200 })
  console.log(`${name}: ${runs} worlds, ${Math.round(nanos / 60e9)} minutes of their time`)
  for (const { failure } of found) {
    console.log(failure.reason, failure.message.match(/client: .*readExactly/)?.[0])
  }
}
