/**
 * Tunnels from one host over a second to a third, while connections are reset: in 10 worlds, or as
 * many as `SIM_RUNS` says. What arrives is what was sent, from its beginning on, and all of it when
 * the end arrives.
 */
import { Tcp } from "@portico/core"
import { Probe, SimWorld } from "@portico/sim"
import { sim } from "@portico/sim/vitest"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import * as Program from "../src/Program.ts"
import { echo, options, request, toIpv4 } from "./RelayWorld.ts"

const port = 1080
const targetPort = 7
const tunnels = 6
const bytesPerTunnel = 3_000
const content = Uint8Array.from({ length: bytesPerTunnel }, (_, index) => index * 7 + (index >> 8))
const quiet = Effect.provideService(References.MinimumLogLevel, "None")

const relay = quiet(
  Effect.scoped(
    Effect.andThen(Program.serve({ ...options, listen: { host: "0.0.0.0", port } }), Effect.never)
  )
)

/** An echo that breaks off by a reset after some connections. */
const target = Effect.gen(function* () {
  yield* Tcp.serve(
    (stream) =>
      Effect.gen(function* () {
        const isBreaking = yield* Probe.choose("the target resets", [false, false, true])
        if (!isBreaking) return yield* Effect.ignore(echo(stream))
        yield* Effect.ignore(Effect.andThen(stream.readUpTo(1_000), stream.reset))
      }).pipe(Effect.ignore),
    { host: "0.0.0.0", port: targetPort, connectionsMax: 100 }
  )
  return yield* Effect.never
}).pipe(Effect.scoped)

/** What came back, and whether it ended as it should; sent and read at once. */
const tunnel = (relayHost: string, to: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const { reply, stream } = yield* request({ host: relayHost, port }, toIpv4(to, targetPort))
    if (reply.code !== 0) return { received: [], isWhole: false }
    const received: Array<number> = []
    const sending = Effect.andThen(stream.write(content), stream.shutdown)
    const reading = Effect.gen(function* () {
      for (;;) {
        const bytes = yield* stream.read
        if (bytes.length === 0) return true
        received.push(...bytes)
      }
    })
    yield* Effect.forkChild(Effect.ignore(sending))
    const isWhole = yield* Effect.orElseSucceed(reading, () => false)
    return { received, isWhole }
  }).pipe(Effect.scoped)

const converse = (relayHost: string, to: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    // A reset that is lost is not sent again: who only reads would wait for ever.
    const result = yield* Effect.option(Effect.timeout(tunnel(relayHost, to), "5 minutes"))
    const isOver = result._tag === "Some"
    yield* Probe.sometimes("a tunnel was reset", isOver && !result.value.isWhole)
    if (!isOver) return
    const { isWhole, received } = result.value
    const isBeginning = received.every((byte, index) => byte === content[index])
    yield* Probe.always("what comes back is what was sent", isBeginning)
    const { length } = received
    const isEnd = !isWhole || length === content.length
    yield* Probe.always("the end is told when all has come", isEnd, `${length} bytes`)
    if (isWhole) yield* Probe.committed
  })

sim.test(
  "a reset is passed on, and never taken for the end",
  {
    world: Effect.gen(function* () {
      const world = yield* SimWorld.World
      const [middle, far] = [yield* world.host("relay"), yield* world.host("target")]
      const near = yield* world.host("client")
      yield* middle.start(() => relay)
      yield* far.start(() => target)
      yield* Effect.sleep("1 second")
      yield* world.swarm({ families: ["latency", "loss", "reorder", "reads"] })
      const [host] = middle.addresses
      const to = far.addresses[0]!.split(".").map(Number)
      for (let count = 0; count < tunnels; count++) yield* near.run(converse(host!, to))
    })
  },
  { runs: 10, budget: "5 minutes", faults: true }
)
