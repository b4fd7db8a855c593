/**
 * A shop that pays again when the bank did not answer in time, and a bank that carries out what it
 * is asked for: a payment whose answer was late or lost is charged twice. The fixed bank keeps the
 * answer to each order, and gives it again (idempotency keys).
 */
import { Tcp } from "@portico/core"
import { Probe, SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Canary } from "./Canary.ts"

const port = 80
const orders = [1, 2, 3, 4, 5]

class Bank {
  readonly charged: Array<number> = []

  timesOf(order: number): number {
    return this.charged.filter((one) => one === order).length
  }
}

const serve = (bank: Bank, isFixed: boolean) =>
  Effect.gen(function* () {
    const answered = new Set<number>()
    const charge = (order: number) => {
      if (isFixed && answered.has(order)) return
      answered.add(order)
      bank.charged.push(order)
    }
    yield* Tcp.serve(
      (stream) =>
        Effect.gen(function* () {
          const request = yield* stream.readExactly(1)
          charge(request[0]!)
          yield* stream.write(request)
        }).pipe(Effect.ignore),
      { host: "0.0.0.0", port, connectionsMax: 10 }
    )
    return yield* Effect.never
  }).pipe(Effect.scoped)

const ask = (order: number) =>
  Effect.gen(function* () {
    const stream = yield* Tcp.connect({ host: "bank", port })
    yield* stream.write(Uint8Array.of(order))
    yield* stream.readExactly(1)
  }).pipe(Effect.scoped, Effect.timeout("50 millis"))

const pay = (bank: Bank, order: number) =>
  Effect.gen(function* () {
    yield* Effect.retry(ask(order), { schedule: Schedule.spaced("20 millis"), times: 5 })
    yield* Probe.committed
    yield* Probe.always("what was answered is charged", bank.timesOf(order) > 0, `${order}`)
  }).pipe(Effect.ignore)

// The bank keeps its answers in memory, so it may be slow, but not lose its power.
const families: SimWorld.SwarmOptions["families"] = [
  "latency",
  "loss",
  "duplicate",
  "reorder",
  "partition",
  "hold",
  "pause",
  "clock",
  "reads"
]

const scenario = (isFixed: boolean, faults: SimWorld.SwarmOptions = { families }) => ({
  world: Effect.gen(function* () {
    const world = yield* SimWorld.World
    const [host, shop] = [yield* world.host("bank"), yield* world.host("shop")]
    const bank = new Bank()
    yield* host.start(() => serve(bank, isFixed))
    yield* Effect.scoped(
      Effect.andThen(
        world.swarm(faults),
        shop.run(Effect.forEach(orders, (order) => pay(bank, order)))
      )
    )
    yield* world.heal()
    yield* Effect.sleep("10 seconds")
    const most = Math.max(...orders.map((order) => bank.timesOf(order)))
    yield* Probe.always("an order is charged once", most <= 1, `${most} times`)
  })
})

export const doubleCharge: Canary = {
  name: "double charge",
  buggy: scenario(false),
  calm: scenario(false, { families: [] }),
  fixed: scenario(true),
  fails: "violation: always an order is charged once",
  seeds: 20
}
