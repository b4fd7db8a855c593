/**
 * A store of one value on three hosts: the first answers before it has synced, and copies to the
 * others. It is cut off, crashes, and comes back with less than it promised.
 */
import { Files, Tcp, type TcpStream } from "@portico/core"
import { History, Linearizability, Models, SimWorld, Trace } from "@portico/sim"
import * as Effect from "effect/Effect"

type Store = History.History<Models.RegisterInput, Models.Value>

const port = 7000
const path = "/home/value"
const model = Models.register(0)

const serve = (others: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const file = yield* Files.open(path, { access: "readWrite", create: "ifMissing" })
    const handle = Effect.fn("store.handle")(function* (stream: TcpStream.TcpStream) {
      const request = yield* stream.readExactly(2)
      if (request[0] === 1) {
        yield* file.writeAt(0, request.slice(1))
        for (const other of others) yield* Effect.forkDetach(Effect.ignore(ask(other, request)))
        if (request[1]! < 3) yield* file.sync
        yield* stream.write(Uint8Array.of(1))
      } else {
        const bytes = yield* file.readAt(0, 1)
        yield* stream.write(bytes.length === 0 ? Uint8Array.of(0) : bytes)
      }
      yield* stream.shutdown
      yield* stream.read
    })
    yield* Tcp.serve((stream) => Effect.ignore(handle(stream)), {
      host: "0.0.0.0",
      port,
      connectionsMax: 8
    })
    return yield* Effect.never
  })

const ask = Effect.fn("store.ask")(function* (host: string, request: Uint8Array) {
  const stream = yield* Tcp.connect({ host, port })
  yield* stream.write(request)
  const answer = yield* stream.readExactly(1)
  return answer[0]!
}, Effect.scoped)

const asking = (history: Store, client: string, to: string, input: Models.RegisterInput) =>
  Effect.gen(function* () {
    const id = history.call(client, input)
    const request = input.op === "write" ? [1, input.value as number] : [2, 0]
    const exit = yield* Effect.exit(Effect.timeout(ask(to, Uint8Array.from(request)), "20 millis"))
    if (exit._tag === "Failure") history.giveUp(id)
    else history.return(id, input.op === "write" ? true : exit.value)
  })

const scenario = (history: Store) =>
  Effect.gen(function* () {
    const world = yield* SimWorld.World
    const [a, b, web] = [yield* world.host("a"), yield* world.host("b"), yield* world.host("web")]
    yield* a.start(() => serve(["b"]).pipe(Effect.scoped))
    yield* b.start(() => serve([]).pipe(Effect.scoped))
    yield* Effect.sleep("5 millis")
    const client = (name: string, to: string, input: Models.RegisterInput) =>
      web.run(asking(history, name, to, input))
    yield* client("one", "a", { op: "write", value: 1 })
    yield* Effect.all(
      [client("one", "a", { op: "write", value: 2 }), client("two", "a", { op: "read" })],
      { concurrency: 2 }
    )
    yield* Effect.scoped(
      Effect.gen(function* () {
        yield* world.net.partition(a, b)
        yield* client("one", "a", { op: "write", value: 3 })
        yield* b.pause("3 millis")
        yield* client("two", "b", { op: "write", value: 2 })
      })
    )
    yield* a.crash({ disk: "all" })
    yield* client("one", "a", { op: "read" })
    yield* a.restart
    yield* Effect.sleep("5 millis")
    yield* client("two", "a", { op: "read" })
  })

/** What is left of one seed: the trace, and what the check of its history came to. */
export const runStore = (seed: number, eventsMax?: number, isTraced = true) => {
  const ring = new Trace.TraceRing(eventsMax)
  const history: Store = new History.History(Trace.traceHistory(ring.world, model))
  const network = { min: "100 micros", max: "400 micros" } as const
  const run = SimWorld.simulate(scenario(history), {
    seed,
    network,
    ...(isTraced ? { trace: ring } : {})
  })
  return { ring, history, run, verdict: Linearizability.linearizable(model, history) }
}

/** Stands for every byte of what a run can be exported to. */
export const digest = ({ ring, verdict }: ReturnType<typeof runStore>): number => {
  const html = Trace.toHtml(ring, { title: "store", order: Trace.orderOf(verdict) })
  let hash = 0x811c9dc5
  for (const text of [html, Trace.toPerfetto(ring), Trace.toShiViz(ring)]) {
    for (let at = 0; at < text.length; at++) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    }
  }
  return hash >>> 0
}
