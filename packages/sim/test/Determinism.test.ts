import { Backend, Tcp } from "@portico/core"
import {
  type ListenerPort,
  PortFailure,
  type StreamPort,
  WouldBlock
} from "@portico/core/port/index"
import { SimBackend, type SimOptions } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import { describe, expect, it } from "vitest"

// Clients that talk to an echo server, at moments and in amounts that the seed decides.
const talk = Effect.gen(function* () {
  const { address } = yield* Tcp.serve(
    (stream) =>
      Effect.gen(function* () {
        for (;;) {
          const bytes = yield* stream.read
          if (bytes.length === 0) return
          yield* stream.write(bytes)
        }
      }),
    { port: 0, connectionsMax: 3 }
  )
  const port = "port" in address ? address.port : 0
  const order: Array<number> = []
  const client = (id: number) =>
    Effect.gen(function* () {
      const stream = yield* Tcp.connect({ port })
      for (let round = 0; round < 5; round++) {
        yield* Effect.sleep(yield* Random.nextIntBetween(0, 50))
        const bytes = new Uint8Array(yield* Random.nextIntBetween(1, 5000))
        yield* stream.write(bytes)
        yield* stream.readExactly(bytes.length)
      }
      yield* stream.shutdown
      order.push(id)
    }).pipe(Effect.scoped)
  const ids = Array.from({ length: 8 }, (_, id) => id)
  yield* Effect.forEach(ids, client, { concurrency: "unbounded", discard: true })
  return order.join("")
}).pipe(Effect.scoped)

// Eight fibers that each knock at a listener, which answers with a byte and closes.
const knock = Effect.gen(function* () {
  const { tcp } = yield* Backend.Backend
  const address = { _tag: "Inet", host: "127.0.0.1", port: 80 } as const
  const quiet = { onReadable: () => {}, onWritable: () => {}, onClosed: () => {} }
  const answer = (listener: ListenerPort) => {
    for (let next = listener.tryAccept(); next !== WouldBlock; next = listener.tryAccept()) {
      if (next instanceof PortFailure) return
      next.attach(quiet)
      next.tryWrite(Uint8Array.of(1))
      next.close()
    }
  }
  const listen = { backlog: 3, acceptQueueMax: 1, reusePort: false, ipv6Only: false } as const
  const onListening = (listener: ListenerPort) =>
    listener.attach({ onAcceptable: () => answer(listener), onClosed: () => {} })
  const options = { ...listen, noDelay: true, mode: undefined, address }
  tcp.listen(options, { onListening, onFailed: () => {} })
  const answered: Array<number> = []
  const knockOnce = (id: number) =>
    Effect.callback<void>((resume) => {
      const onConnected = (stream: StreamPort) =>
        stream.attach({
          ...quiet,
          onReadable: () => {
            answered.push(id)
            stream.close()
            resume(Effect.void)
          }
        })
      const request = { address, local: undefined, noDelay: true }
      tcp.connect(request, { onConnected, onFailed: () => {} })
    })
  const knocking = (id: number) =>
    Effect.andThen(
      Effect.flatMap(Random.nextIntBetween(0, 3), (millis) => Effect.sleep(millis)),
      knockOnce(id)
    )
  const ids = Array.from({ length: 8 }, (_, id) => id)
  yield* Effect.forEach(ids, knocking, { concurrency: "unbounded", discard: true })
  return answered.join("")
})

const log = (options: SimOptions.SimOptions) => {
  const { exit, ...progress } = SimBackend.simulate(talk, options)
  return { ...progress, order: Exit.isSuccess(exit) ? exit.value : String(exit) }
}

describe("one seed", () => {
  it.each(["fifo", "random"] as const)("gives one run, in order %s", (order) => {
    const first = log({ seed: 42, order })
    expect(log({ seed: 42, order })).toEqual(first)
    expect(first.order).toHaveLength(8)
  })

  it("gives the same run within a call, an effect, and a layer's host", async () => {
    const asEffect = await Effect.runPromise(SimBackend.run(talk, { seed: 42, order: "random" }))
    expect(asEffect).toBe(log({ seed: 42, order: "random" }).order)
  })

  // Node and Bun both run this file, so that a difference between them fails on one. The program
  // is over ports: core may change how it spends its steps.
  it("gives the run that was checked in", () => {
    const run = (order: "fifo" | "random") => {
      const { exit, ...progress } = SimBackend.simulate(knock, { seed: 42, order })
      return { ...progress, order: Exit.isSuccess(exit) ? exit.value : String(exit) }
    }
    expect(run("fifo")).toMatchInlineSnapshot(`
      {
        "hash": 2122255829,
        "nanos": 3044500,
        "order": "45701236",
        "steps": 101,
      }
    `)
    expect(run("random")).toMatchInlineSnapshot(`
      {
        "hash": 3301791652,
        "nanos": 3044700,
        "order": "47501263",
        "steps": 99,
      }
    `)
  })
})

describe("many seeds", () => {
  it("give many runs", () => {
    const seeds = Array.from({ length: 20 }, (_, seed) => seed)
    const runs = seeds.map((seed) => log({ seed, order: "random" }))
    expect(new Set(runs.map(({ hash }) => hash)).size).toBe(20)
    expect(new Set(runs.map(({ order }) => order)).size).toBeGreaterThan(10)
  })
})
