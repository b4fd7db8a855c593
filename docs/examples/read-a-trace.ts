import { writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Tcp } from "@portico/core"
import { SimWorld, Trace } from "@portico/sim"
import { Effect } from "effect"

const port = 4000

const serve = Tcp.serve((stream) => Effect.flatMap(stream.read, (bytes) => stream.write(bytes)), {
  host: "0.0.0.0",
  port,
  connectionsMax: 10
}).pipe(Effect.andThen(Effect.never), Effect.scoped)

const ask = Effect.gen(function* () {
  const stream = yield* Tcp.connect({ host: "server", port })
  yield* stream.write(new TextEncoder().encode("hello"))
  return yield* stream.readExactly(5)
}).pipe(Effect.scoped)

const scenario = Effect.gen(function* () {
  const world = yield* SimWorld.World
  const server = yield* world.host("server")
  const client = yield* world.host("client")
  yield* server.start(() => serve)
  yield* client.run(ask)
  yield* Effect.scoped(
    Effect.gen(function* () {
      yield* world.net.partition(server, client)
      yield* Effect.timeoutOption(client.run(ask), "1 second")
    })
  )
  yield* server.reboot("10 millis")
  yield* client.run(ask)
})

const trace = new Trace.TraceRing()
await Effect.runPromise(SimWorld.run(scenario, { seed: 1, trace }))

const page = join(tmpdir(), "hello.html")
writeFileSync(page, Trace.toHtml(trace, { title: "hello, three times" }))
writeFileSync(join(tmpdir(), "hello.json"), Trace.toPerfetto(trace))
console.log(page)
