/** Clients of a server that crashes, and the history of what they were told. */
import { Tcp } from "@portico/core"
import { type History, type Models, SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Program from "../src/Program.ts"
import { type Client, connect, type Plain } from "./Client.ts"
import { defaults, port } from "./KvWorld.ts"

export type KvHistory = History.History<Models.KeyValueInput, Models.KeyValueOutput>

const keys = ["a", "b", "c"]
/** Longer than any answer of a server that is there. */
const patience = "2 seconds"

class Surprise extends Error {}

const expected = (value: Plain, ...all: ReadonlyArray<Plain>): void => {
  if (!all.includes(value)) throw new Surprise(`Not one of ${all.join(", ")}: ${String(value)}`)
}

type Value = Models.KeyValueOutput

const compareAndSet = Effect.fnUntraced(function* (
  client: Client,
  key: string,
  from: Value,
  to: Value
) {
  for (;;) {
    yield* client.ask("WATCH", key)
    if ((yield* client.ask("GET", key)) !== from) {
      yield* client.ask("UNWATCH")
      return false
    }
    yield* client.ask("MULTI")
    yield* client.ask("SET", key, String(to))
    // Somebody changed it meanwhile: perhaps to what it was.
    if ((yield* client.ask("EXEC")) !== null) return true
  }
})

const perform = (client: Client, input: Models.KeyValueInput) =>
  Effect.gen(function* () {
    switch (input.op) {
      case "get":
        return (yield* client.ask("GET", input.key)) as Value
      case "put":
        expected(yield* client.ask("SET", input.key, String(input.value)), "OK")
        return true
      case "delete": {
        const count = yield* client.ask("DEL", input.key)
        expected(count, 0, 1)
        return count === 1
      }
      case "cas":
        return yield* compareAndSet(client, input.key, input.from, input.to)
    }
  })

/** A client's next request, with a value that no other has. */
const draw = Effect.fnUntraced(function* (unique: string, seen: Map<string, Value>) {
  const key = keys[yield* Random.nextIntBetween(0, keys.length)]!
  const chosen = yield* Random.nextIntBetween(0, 10)
  const input: Models.KeyValueInput =
    chosen < 4
      ? { op: "put", key, value: unique }
      : chosen < 7
        ? { op: "get", key }
        : chosen < 8
          ? { op: "delete", key }
          : { op: "cas", key, from: seen.get(key) ?? null, to: unique }
  return input
})

/** As a client does it: connects again when a connection is lost, and asks something else then. */
export const drive = (name: string, history: KvHistory, requests: number) =>
  Effect.gen(function* () {
    const seen = new Map<string, Value>()
    let count = 0
    const converse = Effect.gen(function* () {
      const client = yield* connect({ host: "server", port })
      while (count < requests) {
        const input = yield* draw(`${name}:${count++}`, seen)
        const id = history.call(name, input)
        const output = yield* Effect.timeout(perform(client, input), patience)
        history.return(id, output)
        if (input.op === "get") seen.set(input.key, output)
      }
    }).pipe(Effect.scoped)
    const again = Effect.sleep("5 millis")
    while (count < requests) {
      yield* Effect.catchTag(converse, ["IoError", "Ended", "TimeoutError"], () => again)
    }
  })

/** Until the host ends. */
export const serveHere = (overrides: Partial<Program.Options>) => () =>
  Effect.andThen(Program.serve({ ...defaults, ...overrides }), Effect.never).pipe(Effect.scoped)

/** Waits until the server answers. */
export const isUp = Effect.gen(function* () {
  const probe = Effect.scoped(Tcp.connect({ host: "server", port }))
  while ((yield* Effect.result(Effect.timeout(probe, patience)))._tag === "Failure") {
    yield* Effect.sleep("5 millis")
  }
})

/** A network of two worlds' hosts: the server's, and one for each client. */
export const makeHosts = Effect.fnUntraced(function* (clients: number) {
  const world = yield* SimWorld.World
  const server = yield* world.host("server")
  const others: Array<SimWorld.HostHandle> = []
  for (let count = 0; count < clients; count++) others.push(yield* world.host(`client-${count}`))
  return { server, clients: others }
})
