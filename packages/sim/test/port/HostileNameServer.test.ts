/**
 * A name server that answers with mutated messages, over UDP and TCP: each query ends with an
 * answer or a failure of its own, and nothing is left. 1,000 queries, or a hundredth of what
 * `FUZZ_PACKETS` says; a failure names its seed, which replays it.
 */
import { Address, DnsMessage, EventLoop, Resolver, Tcp, Udp } from "@portico/core"
import { SimBackend } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Dns from "effect/net/Dns"
import * as NetAddress from "effect/net/NetAddress"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import { expect, it } from "vitest"

const queries = Math.ceil(Number(process.env["FUZZ_PACKETS"] ?? 100_000) / 100)
const seeds = 10
const port = 5353

const below = (end: number) => Random.nextIntBetween(0, end - 1)

/** An honest response with some bytes changed, cut, or a flag set; now and then as it is. */
const respond = (query: Uint8Array) =>
  Effect.gen(function* () {
    const { id, questions } = Result.getOrThrow(DnsMessage.decode(query))
    const { name } = questions[0]!
    const address = NetAddress.ipv4Loopback
    const data = Dns.makeRecordUnsafe("A", { address })
    const answers = [{ name, class: 1, ttlSeconds: 60, data }]
    const message = DnsMessage.make({ id, isResponse: true, questions, answers })
    let bytes = Result.getOrThrow(DnsMessage.encode(message))
    for (let count = yield* below(4); count > 0; count--) {
      // The id stays, or it would be somebody else's answer.
      const at = 2 + (yield* below(bytes.length - 2))
      const cut = (yield* below(4)) === 0
      if (cut) bytes = bytes.slice(0, at)
      else bytes[at] = yield* below(256)
      if (bytes.length < 4) break
    }
    return bytes
  })

const serveUdp = Effect.gen(function* () {
  const socket = yield* Udp.bind({ port })
  const serveOne = Effect.flatMap(socket.receive, ({ bytes, from }) =>
    Effect.flatMap(respond(bytes), (reply) => socket.send(reply, Address.toInput(from)))
  )
  yield* Effect.forkScoped(Effect.ignore(Effect.forever(serveOne)))
})

const serveTcp = Tcp.serve(
  (stream) =>
    Effect.gen(function* () {
      const [high, low] = yield* stream.readExactly(2)
      const reply = yield* respond(yield* stream.readExactly((high! << 8) | low!))
      yield* stream.write(Uint8Array.of(reply.length >> 8, reply.length & 0xff, ...reply))
    }),
  { port, connectionsMax: 10 }
)

const program = Effect.gen(function* () {
  yield* serveUdp
  yield* serveTcp
  const loop = yield* EventLoop.EventLoop
  const servers = [`127.0.0.1:${port}`]
  const resolver = yield* (yield* Resolver.Resolver).configure({
    servers,
    timeout: "1 second",
    tries: 2
  })
  const handles = (yield* loop.handles).length
  let longestMillis = 0
  const outcomes = new Map<string, number>()
  for (let count = 0; count < Math.ceil(queries / seeds); count++) {
    const began = yield* Clock.currentTimeMillis
    const exit = yield* Effect.result(resolver.resolve("host.example", "A"))
    const outcome = Result.isSuccess(exit) ? "Answer" : exit.failure.reason._tag
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    // Two tries over UDP, and over TCP for what is truncated, each with EDNS and without.
    longestMillis = Math.max(longestMillis, (yield* Clock.currentTimeMillis) - began)
  }
  // The server's own streams may still be closing.
  const left = (yield* loop.handles).filter(({ kind }) => kind !== "TcpStream").length
  return { outcomes, longestMillis, leaked: left - handles }
}).pipe(Effect.scoped)

it.each(Array.from({ length: seeds }, (_, seed) => seed))(
  "every query ends, whatever comes: seed %s",
  (seed) => {
    const { exit } = SimBackend.simulate(program, { seed, stepsMax: 1e9 })
    if (Exit.isFailure(exit)) throw new Error(String(exit))
    const { leaked, longestMillis, outcomes } = exit.value
    expect(leaked).toBe(0)
    expect(longestMillis).toBeLessThanOrEqual(8_000)
    expect(outcomes.get("Answer")).toBeGreaterThan(0)
    expect(outcomes.size).toBeGreaterThan(3)
  },
  Math.max(5_000, queries)
)
