import { SimBackend } from "@portico/sim"
import { Console, Effect } from "effect"
import { take } from "./take.ts"
import { serve } from "./Tickets.ts"

const day = Effect.gen(function* () {
  yield* serve({ port: 4000, directory: "/tmp" })
  const ticket = take("127.0.0.1", 4000)
  const tickets = yield* Effect.all([ticket, ticket, ticket])
  yield* Console.log(tickets.join(" "))
}).pipe(Effect.scoped)

await Effect.runPromise(SimBackend.run(day, { seed: 1 }))
