import { Address, Files, Udp } from "@portico/core"
import { SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

const port = 4000
const followers = [1, 2, 3, 4]
const seconds = 10
const entry = new Uint8Array(64)

/** Keeps what the leader says, confirms it, and waits for it no longer than an election's time. */
const follow = Effect.gen(function* () {
  const log = yield* Files.open("/log", { access: "readWrite", create: "ifMissing" })
  const socket = yield* Udp.bind({ host: "0.0.0.0", port })
  for (;;) {
    const { bytes, from } = yield* Effect.timeout(socket.receive, "300 millis")
    yield* log.write(bytes)
    yield* log.syncData
    yield* socket.send(bytes, Address.toInput(from))
  }
}).pipe(Effect.scoped)

const lead = Effect.gen(function* () {
  const socket = yield* Udp.bind({ host: "0.0.0.0", port: 0 })
  for (let beat = 0; beat < seconds * 20; beat++) {
    for (const host of followers) yield* socket.send(entry, { host: `10.0.0.${host}`, port })
    for (const _ of followers) yield* socket.receive
    yield* Effect.sleep("50 millis")
  }
}).pipe(Effect.scoped)

const world = Effect.gen(function* () {
  const { host } = yield* SimWorld.World
  for (const number of followers) yield* (yield* host(`follower-${number}`)).start(() => follow)
  yield* Effect.sleep("1 millis")
  yield* (yield* host("leader")).run(lead)
})

/** Seconds of virtual time that five hosts live through, of which one keeps the others in step. */
export const virtualTime = (seed: number): number => {
  const { exit, nanos } = SimWorld.simulate(world, { seed, order: "random" })
  if (Exit.isFailure(exit)) throw new Error(String(exit.cause))
  return nanos / 1e9
}
