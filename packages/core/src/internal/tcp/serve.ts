/** `Tcp.serve`: a listener, an accept loop, and a drain when the scope ends. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { CurrentStackFrame } from "effect/References"
import type * as Scope from "effect/Scope"
import type { IoError } from "../../IoError.ts"
import type { ServeOptions } from "../../TcpOptions.ts"
import type { TcpServer } from "../../TcpServer.ts"
import type { TcpStream } from "../../TcpStream.ts"
import type { HandleTable } from "../HandleTable.ts"
import { listen } from "./listen.ts"
import { Server } from "./Server.ts"
import { Site } from "../../Site.ts"
import { checkServe, defaults } from "./TcpArguments.ts"

export const serve = <E, R>(
  table: HandleTable,
  handler: (stream: TcpStream) => Effect.Effect<unknown, E, R>,
  options: ServeOptions,
  site: Site = new Site()
): Effect.Effect<TcpServer, IoError, R | Scope.Scope> =>
  Effect.gen(() => open(table, handler, options, site))

// No closure: see `LoopService`.
function* open<E, R>(
  table: HandleTable,
  handler: (stream: TcpStream) => Effect.Effect<unknown, E, R>,
  options: ServeOptions,
  site: Site
) {
  const refusal = checkServe(table.ports, options)
  if (refusal !== undefined) return yield* refusal
  const context = withFrame(yield* Effect.context<R>(), site)
  const listener = yield* listen(table, options, site)
  const server = new Server(listener, handler, context, options.connectionsMax)
  const deadline = options.drainDeadline ?? defaults.drainDeadline
  const draining = Effect.addFinalizer(() => server.drain({ deadline }))
  // Together: a handler that started between them would have nobody to end it.
  yield* Effect.uninterruptible(Effect.andThen(Effect.forkScoped(server.acceptLoop), draining))
  return server
}

/** Names the server's place in whatever is told of its handlers: causes, dumps, blame. */
const withFrame = <R>(context: Context.Context<R>, site: Site): Context.Context<R> => {
  const stack = () => (site.text === undefined ? undefined : `at ${site.text}`)
  const parent = Context.get(context, CurrentStackFrame)
  return Context.add(context, CurrentStackFrame, { name: "Tcp.serve", stack, parent })
}
