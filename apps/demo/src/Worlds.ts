/** An app's trials in its three worlds: on Node, on Bun, in the simulator. */
import { EventLoop } from "@portico/core"
import { SimBackend } from "@portico/sim"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { HostServer } from "./HostServer.ts"
import type { Measurement } from "./Measurement.ts"
import type { Trial } from "./Trial.ts"

/** Servers on a host, when they have been driven. They are stopped one after the other. */
export interface Driven {
  readonly measurement: Measurement
  readonly servers: ReadonlyArray<HostServer>
}

export interface Worlds<R> {
  readonly app: string
  readonly onHost: (host: "node" | "bun") => Effect.Effect<Driven, unknown, R | Scope.Scope>
  /** Both ends in one world, in virtual time. */
  readonly simulated: Effect.Effect<Measurement, unknown, SimBackend.Services | Scope.Scope>
}

const handlesOpen = EventLoop.EventLoop.use(({ handles }) =>
  Effect.map(handles, (open) => open.length)
)

export const inThreeWorlds = <R>({
  app,
  onHost,
  simulated
}: Worlds<R>): ReadonlyArray<Trial<Exclude<R, Scope.Scope> | EventLoop.EventLoop>> => {
  const hosts = (["node", "bun"] as const).map((host) => ({
    app,
    world: host,
    isVirtual: false,
    run: Effect.gen(function* () {
      const { measurement, servers } = yield* onHost(host)
      const client = yield* handlesOpen
      let server = 0
      for (const { stop } of servers) server += yield* stop
      return { ...measurement, handlesLeft: { client, server } }
    }).pipe(Effect.scoped)
  }))
  const program = Effect.gen(function* () {
    const measurement = yield* Effect.scoped(simulated)
    // The one list holds the handles of all.
    return { ...measurement, handlesLeft: { client: yield* handlesOpen, server: 0 } }
  })
  const run = SimBackend.run(program, { seed: 1 })
  return [...hosts, { app, world: "sim", isVirtual: true, run }]
}
