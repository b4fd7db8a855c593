import { Tcp, Udp } from "@portico/core"
import { SimWorld } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"
import { port, serve } from "./Echo.ts"

const twoHosts = Effect.gen(function* () {
  const world = yield* SimWorld.World
  return { world, a: yield* world.host("a"), b: yield* world.host("b") }
})

const send = (bytes: number) =>
  Effect.gen(function* () {
    const stream = yield* Tcp.connect({ host: "b", port })
    const both = [stream.write(new Uint8Array(bytes)), stream.readExactly(bytes)]
    yield* Effect.all(both, { concurrency: "unbounded", discard: true })
  }).pipe(Effect.scoped)

/** Virtual milliseconds that 100,000 bytes and their echo take. */
const echoMillis = (bytesPerSecondMax: number | undefined, direction?: "aToB") =>
  Effect.gen(function* () {
    const { a, b, world } = yield* twoHosts
    yield* b.start(() => serve)
    yield* world.net.link(a, b, { bytesPerSecondMax }, { direction })
    yield* Effect.sleep("1 millis")
    const begin = yield* Clock.currentTimeMillis
    yield* a.run(send(100_000))
    return (yield* Clock.currentTimeMillis) - begin
  }).pipe(Effect.scoped)

const millisOf = (scenario: ReturnType<typeof echoMillis>, seed: number) => {
  const exit = SimWorld.runSync(scenario, { seed })
  return Exit.isSuccess(exit) ? exit.value : String(exit.cause)
}

describe("a slow link", () => {
  it("lets a stream have what it carries, less headers, in each direction", () => {
    for (let seed = 0; seed < 5; seed++) {
      expect(millisOf(echoMillis(undefined), seed)).toBeLessThan(100)
      // 70 segments of 1,514 bytes and their acknowledgements: 10.5 seconds and some; the echo
      // comes back meanwhile, on a link of its own.
      const slow = millisOf(echoMillis(10_000), seed)
      expect(slow).toBeGreaterThan(10_400)
      expect(slow).toBeLessThan(13_000)
      expect(millisOf(echoMillis(10_000, "aToB"), seed)).toBeLessThan(12_000)
    }
  })

  it("loses what finds no room in its queue", () => {
    const scenario = Effect.gen(function* () {
      const { a, b, world } = yield* twoHosts
      yield* world.net.link(a, b, { bytesPerSecondMax: 1_000_000 })
      let received = 0
      yield* b.start(() =>
        Effect.gen(function* () {
          const socket = yield* Udp.bind({ host: "0.0.0.0", port, receiveQueueBytes: 1_000_000 })
          for (;;) received += (yield* socket.receive).bytes.length
        }).pipe(Effect.scoped)
      )
      yield* Effect.sleep("1 millis")
      // A socket has 208 KiB under way at most, so it takes several to fill the queue.
      const burst = Effect.gen(function* () {
        const socket = yield* Udp.bind({ host: "0.0.0.0", port: 0 })
        for (let sent = 0; sent < 100; sent++) {
          yield* socket.send(new Uint8Array(934), { host: "10.0.0.2", port })
        }
        yield* Effect.sleep("1 second")
      }).pipe(Effect.scoped)
      yield* a.run(Effect.all([burst, burst, burst, burst], { concurrency: 4 }))
      return { received: received / 934, struck: yield* world.struck }
    }).pipe(Effect.scoped)
    const exit = SimWorld.runSync(scenario, { seed: 1 })
    // 262 packets of 1,000 bytes fill 256 KiB; what leaves meanwhile makes room for a few.
    if (Exit.isFailure(exit)) throw new Error(String(exit.cause))
    expect(exit.value.received).toBeGreaterThanOrEqual(262)
    expect(exit.value.received).toBeLessThan(300)
    expect(exit.value.struck).toBe(400 - exit.value.received)
  })

  it("takes a byte a second at least", () => {
    const exit = SimWorld.runSync(echoMillis(0), { seed: 1 })
    expect(String(exit)).toContain("A link must take 1 byte a second or more: 0")
  })
})
