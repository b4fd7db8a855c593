/**
 * From a backend's ports to the services that programs use.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scheduler from "effect/Scheduler"
import type * as Scope from "effect/Scope"
import { Backend, type BackendPorts } from "./Backend.ts"
import { BlockingPool } from "./BlockingPool.ts"
import { EventLoop } from "./EventLoop.ts"
import { Files } from "./Files.ts"
import { makeFiles } from "./internal/file/files.ts"
import { bind } from "./internal/udp/bind.ts"
import { connect } from "./internal/tcp/connect.ts"
import { makeEventLoop } from "./internal/loop/eventLoop.ts"
import { HandleTable } from "./internal/HandleTable.ts"
import { listen } from "./internal/tcp/listen.ts"
import { openLane } from "./internal/pool/openLane.ts"
import { submit, submitAll } from "./internal/proactor.ts"
import { awaitReadiness } from "./internal/reactor.ts"
import { makeParts, makeResolver } from "./internal/names/resolver.ts"
import { serve } from "./internal/tcp/serve.ts"
import { makeThreadSeats } from "./internal/sync/makeThreadSeats.ts"
import { makeTls } from "./internal/tls/tls.ts"
import { openHints, openWatcher } from "./internal/watch/openWatcher.ts"
import { Proactor } from "./Proactor.ts"
import { Reactor } from "./Reactor.ts"
import { Resolver } from "./Resolver.ts"
import { ThreadSeats } from "./sync/ThreadSeats.ts"
import { Tcp } from "./Tcp.ts"
import { Tls } from "./Tls.ts"
import { Udp } from "./Udp.ts"
import { Watch } from "./Watch.ts"

/** What every backend's layer gives. */
export type Services =
  | Backend
  | BlockingPool
  | EventLoop
  | Files
  | Proactor
  | Reactor
  | Resolver
  | Tcp
  | ThreadSeats
  | Tls
  | Udp
  | Watch

/**
 * The services over the ports that `make` gives, for as long as the layer lives. When it ends,
 * handles that are still open are closed, which wakes whoever waits on them with `Closed`.
 *
 * With the services come the ports' scheduler and clock, as Effect's own references: programs that
 * are given the layer run and sleep by them.
 */
export const fromPorts = <E = never, R = never>(
  make: Effect.Effect<BackendPorts, E, R>
): Layer.Layer<Services, E, Exclude<R, Scope.Scope>> =>
  Layer.effectContext(Effect.gen(() => build(make)))

// No closure: see `LoopService`.
function* build<E, R>(make: Effect.Effect<BackendPorts, E, R>) {
  const ports = yield* make
  const table = new HandleTable(ports)
  yield* Effect.addFinalizer(() => table.shutDown)
  const files = makeFiles(table)
  const resolver = (table.resolver = makeResolver(makeParts(table)))
  const references = Context.empty().pipe(
    Context.add(Scheduler.Scheduler, ports.scheduler),
    Context.add(Clock.Clock, ports.clock)
  ) as Context.Context<never>
  const loop = yield* Effect.provideContext(makeEventLoop(table), references)
  return Context.mergeAll(
    references,
    Context.make(Backend, ports),
    Context.make(BlockingPool, {
      openLane: (options, site) => openLane(table, options, site)
    }),
    Context.make(EventLoop, loop),
    Context.make(Files, files),
    Context.make(Tcp, {
      connect: (options, site) => connect(table, options, site),
      listen: (options, site) => listen(table, options, site),
      serve: (handler, options, site) => serve(table, handler, options, site)
    }),
    Context.make(ThreadSeats, makeThreadSeats(table)),
    Context.make(Tls, makeTls(table)),
    Context.make(Udp, { bind: (options, site) => bind(table, options, site) }),
    Context.make(Watch, {
      watch: (path, options, site) => openWatcher(table, files, path, options, site),
      hints: (path, options, site) => openHints(table, files, path, options, site)
    }),
    Context.make(Resolver, resolver),
    Context.make(Reactor, { awaitReadiness }),
    // The completion's type follows from the operation's tag, which a switch cannot show.
    Context.make(Proactor, {
      submit: (operation) => submit(table, operation) as never,
      submitAll: (operations) => submitAll(table, operations) as never
    })
  )
}
