import { Address } from "@portico/core"
import { NodeBackend } from "@portico/node"
import { Console, Effect } from "effect"
import { serve } from "./Tickets.ts"

const port = Number(process.argv[2] ?? 4000)

const program = Effect.gen(function* () {
  const server = yield* serve({ port, directory: "." })
  yield* Console.log(`Tickets are at ${Address.format(server.address)}`)
  yield* server.stopped
}).pipe(Effect.scoped)

NodeBackend.runMain(program)
