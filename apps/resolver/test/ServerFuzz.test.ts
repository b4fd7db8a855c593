/**
 * Mutated packets through sockets, in the simulator: a fifth of what `FUZZ_PACKETS` says, or
 * 20,000, half as datagrams, half on TCP connections whose framing is broken as well. Upstreams
 * answer with mutated packets, too. In the end the server still answers, and nothing is left open.
 */
import { EventLoop, Tcp } from "@portico/core"
import { SimBackend } from "@portico/sim"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { expect, it } from "vitest"
import { SeededDraws } from "../../../packages/core/test/SeededDraws.ts"
import { mutate } from "./Mutation.ts"
import * as NameServer from "./NameServer.ts"
import { a, addresses, decoded, edns, encoded, framed, query } from "./Wire.ts"
import { ask, client, start, tcpClient } from "./World.ts"

const packets = Math.ceil(Number(process.env["FUZZ_PACKETS"] ?? 100_000) / 5)
const seeds = 10
const batch = 50

const whole = [
  query("www.example."),
  query("WWW.example.org.", "MX", { edns: edns(4_096) }),
  query("zone.test.", "A", { edns: edns() })
].map((message) => encoded(message))

const zone = "$ORIGIN zone.test.\n$TTL 60\n@ SOA ns admin 1 2 3 4 5\n@ A 192.0.2.1\n"

/** Whole answers, broken ones, several, or none; a short name is always told the truth. */
const behave =
  (draws: SeededDraws): NameServer.Behaviour =>
  (asked) => {
    const { id, questions } = asked
    const { name } = questions[0]!
    const fields = { isResponse: true, answers: [a(name, "192.0.2.1")] }
    const answer = encoded({ ...asked, ...fields, edns: undefined })
    if (name === "ok.") return answer
    const broken = () => {
      const bytes = mutate(draws, answer)
      // Else it would be nobody's answer.
      if (bytes.length > 1) bytes.set([id >> 8, id & 0xff])
      return bytes
    }
    return Array.from({ length: draws.below(3) }, broken)
  }

/** A stream of queries, now and then with a wrong length or with bytes that are missing. */
const stream = (draws: SeededDraws): Uint8Array =>
  Uint8Array.from(
    Array.from({ length: batch }, () => {
      const message = framed(mutate(draws, draws.oneOf(whole)))
      return [...(draws.below(50) === 0 ? mutate(draws, message) : message)]
    }).flat()
  )

const overUdp = (draws: SeededDraws) =>
  Effect.gen(function* () {
    const asking = yield* client
    for (let count = 0; count < batch; count++) {
      yield* asking.sendBytes(mutate(draws, draws.oneOf(whole)))
    }
    // Its answer is the last of those that need no upstream.
    yield* asking.send(query("zone.test.", "A", { id: 0xbeef }))
    for (;;) {
      const { bytes } = yield* asking.socket.receive
      if (decoded(bytes).id === 0xbeef) return
    }
  }).pipe(Effect.scoped)

const overTcp = (draws: SeededDraws) =>
  Effect.gen(function* () {
    const connection = yield* Tcp.connect({ host: "127.0.0.1", port: 53 })
    const bytes = stream(draws)
    for (let at = 0; at < bytes.length;) {
      const end = at + 1 + draws.below(bytes.length)
      yield* connection.write(bytes.subarray(at, end))
      at = end
      if (draws.below(4) === 0) yield* Effect.yieldNow
    }
    if (draws.below(3) === 0) return yield* connection.reset
    yield* connection.shutdown
    while ((yield* connection.read).length > 0);
  }).pipe(Effect.ignore, Effect.scoped)

const program = (seed: number) =>
  Effect.gen(function* () {
    const draws = new SeededDraws(seed)
    yield* NameServer.serve(1053, behave(draws))
    yield* NameServer.serve(1054, behave(draws))
    const server = yield* start([1053, 1054], { upstreamTimeout: Duration.millis(20) }, zone)
    const rounds = Math.ceil(packets / seeds / batch / 2)
    for (let round = 0; round < rounds; round++) {
      yield* Effect.all([overUdp(draws), overTcp(draws)], { concurrency: 2 })
    }
    expect(addresses(yield* ask(query("ok.")))).toStrictEqual(["192.0.2.1"])
    const asking = yield* tcpClient
    yield* asking.send(query("ok."))
    expect(addresses(yield* asking.receive)).toStrictEqual(["192.0.2.1"])
    yield* asking.stream.close
    yield* server.drain
    expect(server.responder.flights.queries).toBe(0)
    return server.responder.statistics
  }).pipe(Effect.scoped)

it.for(Array.from({ length: seeds }, (_, seed) => seed))(
  "the server survives whatever comes: seed %s",
  { timeout: Math.max(10_000, packets) },
  (seed) => {
    const whenOver = Effect.gen(function* () {
      const statistics = yield* program(seed)
      const left = yield* EventLoop.EventLoop.use(({ handles }) => handles)
      expect(left.map(({ label }) => label)).toStrictEqual([])
      return statistics
    })
    const { exit } = SimBackend.simulate(whenOver, { seed, stepsMax: 1e9 })
    if (Exit.isFailure(exit)) throw new Error(String(exit))
    const { answers, queries } = exit.value
    expect(queries.udp).toBeGreaterThan(packets / seeds / 2)
    expect(queries.tcp).toBeGreaterThan(packets / seeds / 20)
    expect(answers[1]).toBeGreaterThan(0)
    expect(answers[2]).toBeGreaterThan(0)
  }
)
