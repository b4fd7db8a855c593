import { Address, Tcp } from "@portico/core"
import { Sim, SimBackend, type SimOptions } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { expect, it } from "vitest"

const { Sim: World } = Sim

/** Listens on one loopback, names both, and connects: the peer, and the milliseconds it took. */
const connecting = (listenOn: string, delay: "0 millis" | "20 millis" | "80 millis") =>
  Effect.gen(function* () {
    const sim = yield* World
    yield* sim.setHost("app.internal", { addresses: ["::1", "127.0.0.1"], delay })
    const listener = yield* Tcp.listen({ host: listenOn, port: 0 })
    const { port } = Address.toInput(listener.address) as Address.InetInput
    const began = yield* Clock.currentTimeMillis
    const stream = yield* Tcp.connect({ host: "app.internal", port })
    const millis = (yield* Clock.currentTimeMillis) - began
    return [Address.format(yield* stream.peerAddress).replace(/:\d+$/, ""), millis] as const
  }).pipe(Effect.scoped)

const succeed = <A, E>(program: Effect.Effect<A, E, SimBackend.Services>, options = {}): A => {
  const { exit } = SimBackend.simulate(program, { seed: 1, ...options })
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(String(exit))
}

it("connects where a round trip takes 300 ms, by the only attempt that is needed (HE-11)", () => {
  const slow = { latency: "150 millis" } as const
  expect(succeed(connecting("::1", "0 millis"), slow)).toEqual(["tcp://[::1]", 300])
})

it("an address that refuses costs its round trip, not the attempt delay", () => {
  const [peer, millis] = succeed(connecting("127.0.0.1", "20 millis"), { latency: "5 millis" })
  expect(peer).toBe("tcp://127.0.0.1")
  expect(millis).toBe(40)
})

it("the same seed makes the same race", () => {
  const traced = Effect.andThen(
    connecting("127.0.0.1", "80 millis"),
    Effect.flatMap(World, (sim) => sim.progress)
  )
  const run = (seed: number) =>
    SimBackend.simulate(traced, { seed, order: "random" } satisfies SimOptions.SimOptions).exit
  expect(run(3)).toEqual(run(3))
})
