/**
 * Payments by datagram, each sent once: nothing is tried again, and still the network may deliver a
 * datagram twice. The fixed bank knows the orders that it has seen.
 */
import { Udp } from "@portico/core"
import { Probe, SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Canary } from "./Canary.ts"

const port = 53
const orders = Array.from({ length: 30 }, (_, order) => order)

const serve = (charge: (order: number) => void, isFixed: boolean) =>
  Effect.gen(function* () {
    const socket = yield* Udp.bind({ host: "0.0.0.0", port })
    const seen = new Set<number>()
    for (;;) {
      const { bytes, replyTo } = yield* socket.receive
      const order = bytes[0]!
      if (!isFixed || !seen.has(order)) charge(order)
      seen.add(order)
      yield* Effect.ignore(socket.send(bytes, replyTo))
    }
  }).pipe(Effect.scoped)

const shop = (bank: SimWorld.HostHandle) =>
  Effect.gen(function* () {
    const socket = yield* Udp.bind({ host: "0.0.0.0", port: 0 })
    for (const order of orders) {
      yield* Effect.ignore(socket.send(Uint8Array.of(order), { host: bank.addresses[0]!, port }))
      const receipt = yield* Effect.timeoutOption(socket.receive, "5 millis")
      if (Option.isSome(receipt)) yield* Probe.committed
    }
  }).pipe(Effect.scoped)

const families: SimWorld.SwarmOptions["families"] = [
  "latency",
  "loss",
  "duplicate",
  "reorder",
  "partition",
  "hold",
  "pause"
]

const scenario = (isFixed: boolean, faults: SimWorld.SwarmOptions = { families }) => ({
  world: Effect.gen(function* () {
    const world = yield* SimWorld.World
    const [bank, client] = [yield* world.host("bank"), yield* world.host("shop")]
    const times = orders.map(() => 0)
    yield* bank.start(() => serve((order) => times[order]!++, isFixed))
    yield* Effect.scoped(Effect.andThen(world.swarm(faults), client.run(shop(bank))))
    yield* world.heal()
    yield* Effect.sleep("1 second")
    const most = Math.max(...times)
    yield* Probe.always("an order is charged once", most <= 1, `${most} times`)
  })
})

export const repeatedDatagrams: Canary = {
  name: "repeated datagrams",
  buggy: scenario(false),
  calm: scenario(false, { families: [] }),
  fixed: scenario(true),
  fails: "violation: always an order is charged once",
  seeds: 20
}
