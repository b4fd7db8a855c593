/**
 * A resolver between a client and a name server, over a network that loses, doubles, reorders and
 * delays: in 10 worlds, or as many as `SIM_RUNS` says. A name's answer is that name's own, or says
 * that it failed; and when the network is well again, it does not fail.
 */
import { ResponseCode, Udp } from "@portico/core"
import { Probe, SimWorld } from "@portico/sim"
import { sim } from "@portico/sim/vitest"
import * as Effect from "effect/Effect"
import * as NetAddress from "effect/net/NetAddress"
import * as References from "effect/References"
import * as NameServer from "./NameServer.ts"
import { a, addresses, decoded, encoded, query, question } from "./Wire.ts"
import { start } from "./World.ts"

const port = 53
const names = 12
const attempts = 4
const quiet = Effect.provideService(References.MinimumLogLevel, "None")

const nameOf = (number: number) => `host-${number}.example.`
const addressOf = (number: number) => `192.0.2.${number}`

/** Each name has an address of its own. */
const behave: NameServer.Behaviour = ({ questions: [asked] }) => {
  const number = Number(/\d+/.exec(asked!.name)![0])
  return { answers: [a(asked!.name, addressOf(number), 1)] }
}

const upstream = Effect.scoped(
  Effect.andThen(NameServer.serve(port, behave, 0, "0.0.0.0"), Effect.never)
)

const resolver = (of: SimWorld.HostHandle) => {
  const upstreams = [NetAddress.inetAddressFromIpStringUnsafe(of.addresses[0]!, port)]
  const listen = { host: "0.0.0.0", port }
  return quiet(Effect.scoped(Effect.andThen(start([], { upstreams, listen }), Effect.never)))
}

/** Asks until somebody answers this id, as stub resolvers do; the code of the answer. */
const look = (host: string, number: number) =>
  Effect.gen(function* () {
    const socket = yield* Udp.bind({ host: "0.0.0.0", port: 0 })
    const name = nameOf(number)
    const answer = Effect.gen(function* () {
      for (;;) {
        const message = decoded((yield* socket.receive).bytes)
        if (message.id === number) return message
      }
    })
    for (let attempt = 0; attempt < attempts; attempt++) {
      yield* socket.send(encoded(query(name, "A", { id: number })), { host, port })
      const message = yield* Effect.timeoutOrElse(answer, {
        duration: "4 seconds",
        orElse: () => Effect.succeed(undefined)
      })
      if (message === undefined) continue
      const asked = message.questions[0]?.name
      yield* Probe.always("the question comes back", asked === question(name).name, asked)
      if (message.responseCode !== ResponseCode.noError) return message.responseCode
      const found = addresses(message).join()
      yield* Probe.always("a name has its own address", found === addressOf(number), found)
      yield* Probe.committed
      return message.responseCode
    }
    return undefined
  }).pipe(Effect.scoped)

sim.test(
  "a name's answer is its own, whatever the network does",
  {
    world: Effect.gen(function* () {
      const world = yield* SimWorld.World
      const [server, middle] = [yield* world.host("upstream"), yield* world.host("resolver")]
      const client = yield* world.host("client")
      yield* server.start(() => upstream)
      yield* middle.start(() => resolver(server))
      yield* Effect.sleep("1 second")
      const [host] = middle.addresses
      const numbers = Array.from({ length: names }, (_, index) => index + 1)
      const faulty = Effect.gen(function* () {
        yield* world.swarm({ families: ["loss", "duplicate", "reorder", "latency", "partition"] })
        const looking = numbers.map((number) => client.run(look(host!, number)))
        return yield* Effect.all(looking, { concurrency: 4 })
      })
      const codes = yield* Effect.scoped(faulty)
      const isAll = codes.every((code) => code === ResponseCode.noError)
      yield* Probe.sometimes("all names were found", isAll)
      yield* Probe.sometimes("a name was not found", !isAll)
      yield* world.heal()
      // Failures are remembered, and so is an upstream that was silent: for 30 seconds.
      yield* Effect.sleep("1 minute")
      const last = yield* client.run(look(host!, 1))
      yield* Probe.always("it recovers", last === ResponseCode.noError, `${last}`)
    })
  },
  { runs: 10, budget: "5 minutes", faults: true }
)
