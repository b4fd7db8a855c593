import { BunBackend } from "@portico/bun"
import { Console, Effect } from "effect"
import { serve } from "./Tickets.ts"

const program = Effect.gen(function* () {
  const server = yield* serve({ port: 4000, directory: "." })
  yield* Console.log("Tickets are at port 4000")
  yield* server.stopped
}).pipe(Effect.scoped)

BunBackend.runMain(program)
