/**
 * Crashes at any moment: 12 seeds for each way, or as many as `CRASH_SEEDS` says.
 *
 * Clients read, write, delete, and compare and set by transactions. What they were told must have
 * an order in which each request took effect at one moment: nothing acknowledged is lost, nothing
 * comes back, nothing is seen that a crash takes away again.
 */
import { History, Linearizability, Models, SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import { describe, expect, it } from "vitest"
import { drive, isUp, type KvHistory, makeHosts, serveHere } from "./CrashWorld.ts"

const seeds = Number(process.env["CRASH_SEEDS"] ?? 12)
const clients = 3
const requestsPerClient = 40

interface Way {
  readonly kind: "kill" | "power"
  readonly disk: "all" | "prefix" | "random" | "reorderedWithinFlush"
  /** A log this long is rewritten: often enough that crashes come within. */
  readonly rewriteBytesMin: number
}

/** Crashes the server a few times while clients are at it. */
const scenario = (history: KvHistory, { disk, kind, rewriteBytesMin }: Way) =>
  Effect.gen(function* () {
    const hosts = yield* makeHosts(clients)
    yield* hosts.server.start(serveHere({ sync: "always", rewriteBytesMin }))
    const crashes = Effect.gen(function* () {
      for (let count = yield* Random.nextIntBetween(1, 4); count > 0; count--) {
        const micros = yield* Random.nextIntBetween(0, 20_000)
        yield* Effect.sleep(micros / 1_000)
        yield* hosts.server.reboot(yield* Random.nextIntBetween(0, 10), { kind, disk })
      }
    })
    const driven = hosts.clients.map((host, index) =>
      host.run(drive(`client-${index}`, history, requestsPerClient))
    )
    const [first] = hosts.clients
    // What is there after all of it, by one who comes later.
    const last = Effect.andThen(isUp, drive("last", history, 20))
    const all = Effect.all([crashes, ...driven], { concurrency: "unbounded" }).pipe(
      Effect.andThen(first!.run(last))
    )
    // A server that does not come back is waited for in vain.
    const refused = Effect.flatMap(hosts.server.exit, (exit) =>
      Effect.die(`It ended: ${String(exit)}`)
    )
    yield* Effect.raceFirst(all, refused)
  })

const ways: ReadonlyArray<Way> = [
  { kind: "power", disk: "all", rewriteBytesMin: 1_000_000 },
  { kind: "power", disk: "random", rewriteBytesMin: 1_000_000 },
  { kind: "power", disk: "random", rewriteBytesMin: 500 },
  { kind: "power", disk: "prefix", rewriteBytesMin: 500 },
  { kind: "power", disk: "reorderedWithinFlush", rewriteBytesMin: 500 },
  { kind: "kill", disk: "random", rewriteBytesMin: 500 }
]

describe("a server that syncs always loses nothing that it acknowledged", () => {
  it.for(ways)(
    `in ${seeds} worlds, by $kind that leaves $disk, rewriting from $rewriteBytesMin bytes on`,
    { timeout: Math.max(60_000, 1_000 * seeds) },
    (way) => {
      let completed = 0
      for (let seed = 1; seed <= seeds; seed++) {
        const history: KvHistory = new History.History()
        const run = SimWorld.simulate(scenario(history, way), { seed, order: "random" })
        expect(run.exit, `seed ${seed}`).toStrictEqual(Exit.void)
        Linearizability.assertLinearizable(Models.keyValue, history)
        completed += history.completed
      }
      // Most were answered, or the crashes show nothing.
      expect(completed).toBeGreaterThan(0.8 * seeds * clients * requestsPerClient)
    }
  )
})
