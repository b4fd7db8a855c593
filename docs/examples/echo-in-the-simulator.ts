import { SimBackend } from "@portico/sim"
import { Tcp } from "@portico/core"
import { Effect } from "effect"

const program = Effect.gen(function* () {
  const server = yield* Tcp.serve((stream) => stream.write(new Uint8Array([104, 105])), {
    port: 4000,
    connectionsMax: 1
  })
  const client = yield* Tcp.connect({ port: 4000 })
  const greeting = yield* client.readExactly(2)
  yield* Effect.sleep("1 hour") // virtual: takes no time
  return { greeting, connections: yield* server.connections }
}).pipe(Effect.scoped)

console.log(await Effect.runPromise(SimBackend.run(program, { seed: 1 })))
