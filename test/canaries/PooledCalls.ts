/**
 * Calls over a pool of connections, each with a deadline. A connection whose call timed out goes
 * back to the pool as the others do, and the answer that comes late is taken by the next call.
 */
import { Tcp, type TcpStream } from "@portico/core"
import { Probe, SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Canary } from "./Canary.ts"

const port = 80

/** Answers each request, of one byte, by the same. */
const serve = Effect.gen(function* () {
  const echo = (stream: TcpStream.TcpStream) =>
    Effect.ignore(
      Effect.forever(Effect.flatMap(stream.readExactly(1), (bytes) => stream.write(bytes)))
    )
  yield* Tcp.serve(echo, { host: "0.0.0.0", port, connectionsMax: 10 })
  return yield* Effect.never
}).pipe(Effect.scoped)

const take = (pool: Array<TcpStream.TcpStream>) =>
  Effect.suspend(() => {
    const idle = pool.pop()
    const connect = Tcp.connect({ host: "server", port, timeout: "1 second" })
    return idle === undefined ? connect : Effect.succeed(idle)
  })

const call = (pool: Array<TcpStream.TcpStream>, request: number, isFixed: boolean) =>
  Effect.gen(function* () {
    const stream = yield* take(pool)
    yield* stream.write(Uint8Array.of(request))
    const answer = yield* Effect.timeoutOption(stream.readExactly(1), "50 millis")
    if (isFixed && Option.isNone(answer)) yield* stream.close
    else pool.push(stream)
    return answer
  })

const client = (isFixed: boolean) =>
  Effect.gen(function* () {
    const pool: Array<TcpStream.TcpStream> = []
    for (let request = 1; request <= 12; request++) {
      const result = yield* Effect.option(call(pool, request, isFixed))
      yield* Effect.sleep("20 millis")
      const answer = Option.flatten(result)
      if (Option.isNone(answer)) continue
      yield* Probe.committed
      const [of] = answer.value
      yield* Probe.always("an answer is of its request", of === request, `${of}, not ${request}`)
    }
  }).pipe(Effect.scoped)

const scenario = (isFixed: boolean, faults?: SimWorld.SwarmOptions) => ({
  world: Effect.gen(function* () {
    const world = yield* SimWorld.World
    const [server, caller] = [yield* world.host("server"), yield* world.host("caller")]
    yield* server.start(() => serve)
    yield* world.swarm({ hosts: [server], downMax: 1, ...faults })
    yield* caller.run(client(isFixed))
  })
})

export const pooledCalls: Canary = {
  name: "pooled calls",
  buggy: scenario(false),
  calm: scenario(false, { families: [] }),
  fixed: scenario(true),
  fails: "violation: always an answer is of its request",
  seeds: 100
}
