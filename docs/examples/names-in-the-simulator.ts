import { Sim, SimBackend } from "@portico/sim"
import { Address, Resolver, Tcp } from "@portico/core"
import { Effect } from "effect"

const program = Effect.gen(function* () {
  const sim = yield* Sim.Sim
  yield* sim.setHost("app.internal", { addresses: ["::1", "127.0.0.1"] })
  yield* Tcp.listen({ host: "127.0.0.1", port: 4000 }) // and nobody on ::1

  const addresses = yield* Resolver.lookup("app.internal")
  const stream = yield* Tcp.connect({ host: "app.internal", port: 4000 }) // tries ::1, then goes on
  const peer = Address.format(yield* stream.peerAddress)

  // Asking name servers, with a cache. Nobody listens on this one: that is told at once.
  const resolver = yield* (yield* Resolver.Resolver).configure({
    servers: ["127.0.0.1:5353"],
    timeout: "500 millis",
    tries: 2,
    cache: { entriesMax: 10_000 }
  })
  const failure = yield* Effect.flip(resolver.resolve("example.org", "MX"))
  return { found: addresses.map(({ host }) => host), peer, failure: failure.message }
}).pipe(Effect.scoped)

console.log(await Effect.runPromise(SimBackend.run(program, { seed: 1, latency: "5 millis" })))
