/**
 * Transfers between two hosts whose network doubles, loses and reorders packets: in 12 worlds, or
 * as many as `SIM_RUNS` says.
 */
import { Files } from "@portico/core"
import { Probe, SimWorld } from "@portico/sim"
import { sim } from "@portico/sim/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import * as Program from "../src/Program.ts"
import * as Client from "./Client.ts"

const port = 69
const blockBytes = 512
const blocks = 8
// One byte less than would need a block more.
const content = Uint8Array.from({ length: blocks * blockBytes - 1 }, (_, index) => index * 7)

const options: Program.Options = {
  listen: { host: "0.0.0.0", port },
  root: "/tmp/root",
  limits: { blockBytesMax: 1_428, windowMax: 8, timeoutSeconds: 1 },
  isReadOnly: false,
  keepsExisting: false,
  uploadBytesMax: 1_000_000,
  transfersMax: 10,
  drainDeadline: Duration.seconds(5)
}

const serve = Effect.gen(function* () {
  yield* Files.createDirectory(options.root)
  yield* Files.writeFile(`${options.root}/file`, content)
  yield* Program.serve(options)
  return yield* Effect.never
}).pipe(Effect.scoped, Effect.provideService(References.MinimumLogLevel, "None"))

const isSame = (bytes: Uint8Array) =>
  bytes.length === content.length && bytes.every((byte, index) => byte === content[index])

const transfer = (host: string) =>
  Effect.gen(function* () {
    const connect = Client.make({ host, port })
    const put = Effect.flatMap(connect, (client) => Client.put(client, "written", content))
    yield* Effect.scoped(put)
    yield* Probe.committed
    const get = (file: string) =>
      Effect.scoped(Effect.flatMap(connect, (client) => Client.get(client, file)))
    const { bytes } = yield* get("written")
    yield* Probe.committed
    yield* Probe.always("what was written is read", isSame(bytes), `${bytes.length} bytes`)
  })

sim.test(
  "a file is written and read through a network that doubles, loses and reorders",
  {
    world: Effect.gen(function* () {
      const world = yield* SimWorld.World
      const [server, client] = [yield* world.host("server"), yield* world.host("client")]
      yield* server.start(() => serve)
      // The server's socket is there.
      yield* Effect.sleep("1 second")
      const families = ["duplicate", "loss", "reorder", "latency"] as const
      const drawn = yield* world.swarm({ families })
      yield* client.run(transfer(server.addresses[0]!))
      yield* Probe.sometimes("a packet was doubled", drawn.families.includes("duplicate"))
      yield* Probe.sometimes("a packet was lost", drawn.families.includes("loss"))
    })
  },
  { runs: 12, budget: "5 minutes", faults: true }
)

sim.test(
  "no block is sent again because a packet came twice",
  {
    world: Effect.gen(function* () {
      const world = yield* SimWorld.World
      const [server, client] = [yield* world.host("server"), yield* world.host("client")]
      yield* server.start(() => serve)
      yield* Effect.sleep("1 second")
      // RFC 1123 4.2.3.1: a doubled acknowledgement must not double all that follows.
      yield* world.net.link("all", "all", { duplicate: 0.3 })
      let sent = 0
      yield* world.net.rule(({ from }) => {
        if (from === server.name) sent++
        return "pass"
      })
      const get = Effect.flatMap(Client.make({ host: server.addresses[0]!, port }), (asking) =>
        Client.get(asking, "file")
      )
      yield* client.run(Effect.scoped(get))
      yield* Probe.committed
      yield* Probe.always("each block is sent once", sent === blocks, `${sent} of ${blocks}`)
    })
  },
  { runs: 12, budget: "5 minutes", faults: true, strategy: "production" }
)
