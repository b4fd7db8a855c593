import { Probe, SimWorld } from "@portico/sim"
import { Effect } from "effect"
import { take } from "./take.ts"
import type * as Tickets from "./Tickets.ts"

const port = 4000
const ticket = Effect.timeout(take("server", port), "1 second")

/** A server that loses its power now and then, and a client on another host. */
export const outages = (serve: typeof Tickets.serve) =>
  Effect.gen(function* () {
    const world = yield* SimWorld.World
    const server = yield* world.host("server")
    const client = yield* world.host("client")
    const service = serve({ host: "0.0.0.0", port, directory: "/tmp" })
    yield* server.start(() => Effect.scoped(Effect.andThen(service, Effect.never)))
    yield* world.swarm({ hosts: [server], downMax: 1, families: ["power"] })

    const tickets: Array<number> = []
    for (let count = 0; count < 20; count++) {
      const given = yield* Effect.option(client.run(ticket))
      if (given._tag === "Some") tickets.push(given.value)
      yield* Probe.committed
      yield* Effect.sleep("100 millis")
    }
    const different = new Set(tickets).size
    yield* Probe.always("no ticket is given twice", different === tickets.length, tickets.join(","))
  }).pipe(Effect.scoped)
