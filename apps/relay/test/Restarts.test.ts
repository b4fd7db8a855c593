/**
 * Tunnels whose clients reset them, over a relay that loses power or is told to end, and starts
 * anew: in 10 worlds, or as many as `SIM_RUNS` says. A target that is told the end has had all;
 * and once the faults are over, a tunnel carries everything again.
 */
import { Tcp, type TcpStream } from "@portico/core"
import { Probe, SimWorld } from "@portico/sim"
import { sim } from "@portico/sim/vitest"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import * as Program from "../src/Program.ts"
import { options, request, toIpv4 } from "./RelayWorld.ts"

const port = 1080
const targetPort = 7
const tunnels = 6
const pieces = 8
const pieceBytes = 500
const piece = (number: number) =>
  Uint8Array.from({ length: pieceBytes }, (_, index) => index * 7 + number)
const content = Uint8Array.from(
  Array.from({ length: pieces }, (_, number) => [...piece(number)]).flat()
)
const quiet = Effect.provideService(References.MinimumLogLevel, "None")

const relay = Program.serve({ ...options, listen: { host: "0.0.0.0", port } }).pipe(
  Effect.andThen(Effect.never),
  Effect.scoped,
  quiet
)

/** Takes all there is, and says how much at the end; not after a reset. */
const take = (stream: TcpStream.TcpStream) =>
  Effect.gen(function* () {
    let length = 0
    for (;;) {
      const bytes = yield* stream.read
      if (bytes.length === 0) break
      const isNext = bytes.every((byte, index) => byte === content[length + index])
      yield* Probe.always("the target has what was sent", isNext)
      length += bytes.length
    }
    yield* Probe.always("the target is told the end when it has all", length === content.length)
    yield* stream.write(Uint8Array.of(1))
    yield* stream.shutdown
  })

const target = Effect.gen(function* () {
  const isReset = Effect.andThen(Probe.sometimes("a reset gets to the target", true), Effect.void)
  const handle = (stream: TcpStream.TcpStream) => Effect.catch(take(stream), () => isReset)
  yield* Tcp.serve(handle, { host: "0.0.0.0", port: targetPort, connectionsMax: 100 })
  return yield* Effect.never
}).pipe(Effect.scoped)

/** Whether the target confirmed that it had all. */
const tunnel = (relayHost: string, to: ReadonlyArray<number>, resetsAt: number) =>
  Effect.gen(function* () {
    const { reply, stream } = yield* request({ host: relayHost, port }, toIpv4(to, targetPort))
    if (reply.code !== 0) return false
    for (let number = 0; number < pieces; number++) {
      if (number === resetsAt) {
        yield* stream.reset
        return false
      }
      yield* stream.write(piece(number))
    }
    yield* stream.shutdown
    return (yield* stream.readExactly(1))[0] === 1
  }).pipe(
    Effect.scoped,
    Effect.timeout("5 minutes"),
    Effect.orElseSucceed(() => false)
  )

/** What happens to the relay, somewhere among its I/O or its time. */
const strike = (host: SimWorld.HostHandle) =>
  Effect.gen(function* () {
    const how = yield* Probe.choose("the relay", ["stays", "loses power", "is told to end"])
    const index = 1 + (yield* Probe.choose("at its event", tens))
    if (how === "loses power") {
      yield* host.strikeAt({ index }, { crash: { kind: "power" }, downtime: "2 seconds" })
    } else if (how === "is told to end") {
      const again = Effect.andThen(host.exit, host.restart)
      const ending = Effect.andThen(host.signal("SIGTERM"), again)
      yield* Effect.forkScoped(Effect.delay(ending, index))
    }
  })
const tens = [0, 10, 20, 30, 40, 50, 60, 70] as const

sim.test(
  "a client's reset is no end, and a relay that starts anew serves again",
  {
    world: Effect.gen(function* () {
      const world = yield* SimWorld.World
      const [middle, far] = [yield* world.host("relay"), yield* world.host("target")]
      const near = yield* world.host("client")
      yield* middle.start(() => relay)
      yield* far.start(() => target)
      yield* Effect.sleep("1 second")
      const [host] = middle.addresses
      const to = far.addresses[0]!.split(".").map(Number)
      const faulty = Effect.gen(function* () {
        yield* world.swarm({ families: ["latency", "loss", "reorder", "reads"] })
        yield* strike(middle)
        for (let count = 0; count < tunnels; count++) {
          const resetsAt = yield* Probe.choose("the client resets at", [pieces, 1, 3, 6])
          const isDone = yield* near.run(tunnel(host!, to, resetsAt))
          if (isDone) yield* Probe.committed
          yield* Probe.sometimes("a client's reset", resetsAt < pieces)
        }
        // Longer than a relay that was told to end may drain.
        yield* Effect.sleep("10 seconds")
      })
      yield* Effect.scoped(faulty)
      yield* world.heal()
      yield* Effect.sleep("10 seconds")
      yield* Probe.sometimes("the relay started anew", (yield* middle.incarnation) > 1)
      const isServed = yield* near.run(tunnel(host!, to, pieces))
      yield* Probe.always("a tunnel carries all again", isServed)
    })
  },
  { runs: 10, budget: "5 minutes", faults: true }
)
