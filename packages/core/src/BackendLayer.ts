/**
 * From a backend's ports to the services that programs use.
 */
import * as Effect from "effect/Effect"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { Backend, type BackendPorts } from "./Backend.ts"
import { Handles } from "./Handle.ts"
import { connect } from "./internal/connect.ts"
import { HandleTable } from "./internal/HandleTable.ts"
import { listen } from "./internal/listen.ts"
import { submit, submitAll } from "./internal/proactor.ts"
import { awaitReadiness } from "./internal/reactor.ts"
import { serve } from "./internal/serve.ts"
import { Proactor } from "./Proactor.ts"
import { Reactor } from "./Reactor.ts"
import { Tcp } from "./Tcp.ts"

/** What every backend's layer gives. */
export type Services = Backend | Handles | Proactor | Reactor | Tcp

/**
 * The services over the ports that `make` gives, for as long as the layer lives. When it ends,
 * handles that are still open are closed, which wakes whoever waits on them with `Closed`.
 */
export const fromPorts = <E = never, R = never>(
  make: Effect.Effect<BackendPorts, E, R>
): Layer.Layer<Services, E, Exclude<R, Scope.Scope>> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const ports = yield* make
      const table = new HandleTable(ports)
      yield* Effect.addFinalizer(() => table.shutDown)
      return Context.mergeAll(
        Context.make(Backend, ports),
        Context.make(Handles, {
          list: Effect.sync(() => table.list()),
          isAlive: Effect.sync(() => table.isAlive())
        }),
        Context.make(Tcp, {
          connect: (options, site) => connect(table, options, site),
          listen: (options, site) => listen(table, options, site),
          serve: (handler, options, site) => serve(table, handler, options, site)
        }),
        Context.make(Reactor, { awaitReadiness }),
        // The completion's type follows from the operation's tag, which a switch cannot show.
        Context.make(Proactor, {
          submit: (operation) => submit(table, operation) as never,
          submitAll: (operations) => submitAll(table, operations) as never
        })
      )
    })
  )
