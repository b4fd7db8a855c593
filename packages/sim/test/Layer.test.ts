import { Tcp } from "@portico/core"
import { Sim, SimBackend } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Scheduler from "effect/Scheduler"
import { afterEach, describe, expect, it, vi } from "vitest"

afterEach(() => {
  vi.restoreAllMocks()
})

const hour = Effect.gen(function* () {
  const start = yield* Clock.currentTimeMillis
  yield* Effect.sleep("1 hour")
  return (yield* Clock.currentTimeMillis) - start
})

const echo = Effect.gen(function* () {
  const listener = yield* Tcp.listen({ path: "/tmp/echo" })
  const client = yield* Tcp.connect({ path: "/tmp/echo" })
  const server = yield* listener.accept
  yield* client.write(Uint8Array.of(1, 2, 3))
  yield* server.write(yield* server.read)
  return yield* client.readExactly(3)
}).pipe(Effect.scoped)

describe("a layer", () => {
  it("runs a program in virtual time, without a timer of the host", async () => {
    const timers = vi.spyOn(globalThis, "setTimeout")
    const program = Effect.all([hour, echo])
    const outcome = await Effect.runPromise(Effect.provide(program, SimBackend.layer({ seed: 1 })))
    expect(outcome).toEqual([3_600_000, Uint8Array.of(1, 2, 3)])
    expect(timers).not.toHaveBeenCalled()
  })

  it("runs it within runSync, too", () => {
    const program = Effect.provide(
      Effect.andThen(Effect.yieldNow, hour),
      SimBackend.layer({ seed: 1 })
    )
    expect(Effect.runSync(program)).toBe(3_600_000)
  })

  it("may be built beside others", async () => {
    const other = Layer.effectDiscard(Effect.yieldNow)
    const layers = Layer.mergeAll(other, SimBackend.layer({ seed: 1 }), other)
    expect(await Effect.runPromise(Effect.provide(echo, layers))).toHaveLength(3)
  })

  it("makes a world each time it is built", async () => {
    const layer = SimBackend.layer({ seed: 1 })
    const worlds = Effect.all([Effect.provide(hour, layer), Effect.provide(echo, layer)], {
      concurrency: "unbounded"
    })
    expect(await Effect.runPromise(worlds)).toHaveLength(2)
  })

  it("lets a parent interrupt its children after the layer is gone", async () => {
    const ended: Array<string> = []
    const child = Effect.forever(Effect.sleep("1 second")).pipe(
      Effect.onInterrupt(() =>
        Effect.andThen(
          Effect.sleep("1 minute"),
          Effect.sync(() => ended.push("child"))
        )
      )
    )
    const program = Effect.andThen(Effect.forkChild(child), hour)
    await Effect.runPromise(Effect.provide(program, SimBackend.layer({ seed: 1 })))
    expect(ended).toEqual(["child"])
  })

  it("stops the time of fibers that outlive it", async () => {
    let naps = 0
    const nap = Effect.andThen(
      Effect.sleep("1 second"),
      Effect.sync(() => naps++)
    )
    const program = Effect.andThen(
      Effect.forkDetach(Effect.forever(nap)),
      Effect.sleep("9500 millis")
    )
    await Effect.runPromise(
      Effect.andThen(
        Effect.provide(program, SimBackend.layer({ seed: 1 })),
        Effect.repeat(Effect.yieldNow, { times: 100 })
      )
    )
    expect(naps).toBe(9)
  })

  it("closes handles that are left over in virtual time", async () => {
    const timers = vi.spyOn(globalThis, "setTimeout")
    const leftOver = Effect.gen(function* () {
      const listener = yield* Tcp.listen({ path: "\0left", backlog: 1 })
      const client = yield* Tcp.connect({ path: "\0left" })
      yield* Effect.forkDetach(client.write(new Uint8Array(1_000_000)))
      yield* Effect.sleep("1 second")
      return listener
    })
    // The scope outlives the layer, so that the layer has to close them.
    const program = Effect.scoped(
      Effect.flatMap(Effect.provide(leftOver, SimBackend.layer({ seed: 1 })), (listener) =>
        Effect.sync(() => listener.state._tag)
      )
    )
    expect(await Effect.runPromise(program)).toBe("Closed")
    expect(timers).not.toHaveBeenCalled()
  })

  it("of a runtime that is idle between programs is not deadlocked", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => {})
    const runtime = ManagedRuntime.make(SimBackend.layer({ seed: 1 }))
    await runtime.runPromise(Effect.asVoid(Effect.forkDetach(Effect.never)))
    // More turns of the host than a world waits before it calls itself idle.
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(await runtime.runPromise(echo)).toHaveLength(3)
    await runtime.dispose()
    expect(told).not.toHaveBeenCalled()
  })

  it("lets promises settle before time goes on", async () => {
    const settled = Effect.timeoutOption(
      Effect.promise(async () => {
        for (let hop = 0; hop < 50; hop++) await Promise.resolve()
        return "settled"
      }),
      "1 nanos"
    )
    const program = Effect.andThen(Effect.yieldNow, settled)
    const inLayer = Effect.provide(program, SimBackend.layer({ seed: 1 }))
    for (const run of [inLayer, SimBackend.run(program, { seed: 1 })]) {
      expect(await Effect.runPromise(run)).toMatchObject({ value: "settled" })
    }
  })
})

describe("run", () => {
  it("gives the program's own failure", async () => {
    const exit = await Effect.runPromiseExit(SimBackend.run(Effect.fail("no"), { seed: 1 }))
    expect(exit).toEqual(Exit.fail("no"))
  })

  it("gives the program the services around it, and its own", async () => {
    const around = Layer.succeed(Scheduler.MaxOpsBeforeYield, 77)
    const program = Effect.all([Scheduler.MaxOpsBeforeYield, Sim.Sim, Tcp.Tcp])
    const run = Effect.provide(SimBackend.run(program, { seed: 1 }), around)
    expect((await Effect.runPromise(run))[0]).toBe(77)
  })

  it("leaves turns to the host while it runs", async () => {
    const program = Effect.forever(Effect.sleep("1 second"))
    const options = { seed: 1, timeMax: "100 days" } as const
    const raced = Effect.raceFirst(SimBackend.run(program, options), Effect.sleep("20 millis"))
    expect(await Effect.runPromise(raced)).toBeUndefined()
  })

  it("interrupted, interrupts the program and waits for its end", async () => {
    const ended: Array<string> = []
    const outcome = await Effect.runPromise(
      Effect.gen(function* () {
        const started = yield* Deferred.make<void>()
        const program = Effect.ensuring(
          Effect.andThen(
            Deferred.succeed(started, undefined),
            Effect.forever(Effect.sleep("1 day"))
          ),
          Effect.andThen(
            Effect.sleep("1 hour"),
            Effect.sync(() => ended.push("program"))
          )
        )
        const running = yield* Effect.forkChild(SimBackend.run(program, { seed: 1 }))
        yield* Deferred.await(started)
        yield* Fiber.interrupt(running)
        ended.push("run")
        return yield* Fiber.await(running)
      })
    )
    expect(ended).toEqual(["program", "run"])
    expect(Exit.hasInterrupts(outcome)).toBe(true)
  })
})
