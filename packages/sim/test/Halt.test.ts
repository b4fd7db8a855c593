import { Tcp } from "@portico/core"
import { SimBackend, SimHalt } from "@portico/sim"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"

const haltOf = (exit: Exit.Exit<unknown, unknown>): SimHalt.SimHalt => {
  const defect = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  if (defect instanceof SimHalt.SimHalt) return defect
  throw new Error(`no halt, but ${String(exit)}`)
}

// Waits in every way there is, each in a fiber with a name.
const stuck = Effect.gen(function* () {
  const never = yield* Deferred.make<void>()
  const inFiber = (name: string, effect: Effect.Effect<unknown, unknown>) =>
    Effect.forkChild(Effect.withSpan(effect, name))
  yield* inFiber("waits for a deferred", Effect.andThen(Effect.sleep(1), Deferred.await(never)))
  yield* inFiber("sleeps", Effect.sleep("Infinity"))
  const listener = yield* Tcp.listen({ path: "\0quiet", backlog: 1 })
  const client = yield* Tcp.connect({ path: "\0quiet" })
  yield* inFiber("accepts twice", Effect.scoped(Effect.forever(listener.accept)))
  yield* Effect.sleep("1 second")
  yield* client.read
}).pipe(Effect.scoped, Effect.withSpan("main"))

const lines = [
  'fiber #1 "main" has waited 0 ms for TcpStream.read on UnixStream #2 unix: → unix:@quiet',
  'fiber #2 "waits for a deferred" has waited 999 ms inside Effect',
  'fiber #3 "sleeps" has waited 1.0 s for a sleep without end',
  'fiber #4 "accepts twice" has waited 1000 ms for TcpListener.accept on UnixListener #1 ' +
    "unix:@quiet"
]

/** Without the lines of their stack frames, which say where in this file. */
const fibersOf = (halt: SimHalt.SimHalt): ReadonlyArray<string> =>
  halt.fibers.filter((line) => line.startsWith("fiber"))

describe("a deadlock", () => {
  it("ends runSync with what every fiber waits for", () => {
    const halt = haltOf(SimBackend.runSync(stuck, { seed: 5 }))
    expect(halt.reason).toBe("deadlock")
    expect(fibersOf(halt)).toEqual(lines)
    expect(halt.fibers[1]).toMatch(/^  at main \(.*Halt\.test\.ts:\d+:\d+\)$/)
    expect(halt.progress.nanos / 1e9).toBeCloseTo(1, 3)
    expect(halt.message).toContain("Deadlock: nothing is ready, no timer and no packet is pending")
    expect(halt.message).toContain("seed 5")
    expect(halt.message).toContain(lines[0])
  })

  it("ends run in the same way", async () => {
    const halt = haltOf(await Effect.runPromiseExit(SimBackend.run(stuck, { seed: 5 })))
    expect(fibersOf(halt)).toEqual(lines)
  })

  it("names a connect that is not answered", () => {
    const connecting = Effect.gen(function* () {
      const listener = yield* Tcp.listen({ port: 0, backlog: 1 })
      const port = "port" in listener.address ? listener.address.port : 0
      const connect = Tcp.connect({ port })
      yield* Effect.all([connect, connect, connect])
    }).pipe(Effect.scoped)
    const options = { seed: 1, timeMax: "1 minute" } as const
    const halt = haltOf(SimBackend.runSync(connecting, options))
    expect(halt.reason).toBe("timeLimit")
    expect(halt.fibers[0]).toMatch(/^fiber #1 has waited 0 ms for Tcp.connect tcp:\/\/127.0.0.1:/)
  })

  it("is not found in a long chain of fibers that wake each other", () => {
    const chain = Effect.gen(function* () {
      const first = yield* Deferred.make<number>()
      let last = first
      for (let link = 0; link < 20_000; link++) {
        const [from, to] = [last, yield* Deferred.make<number>()]
        yield* Effect.forkChild(
          Effect.flatMap(Deferred.await(from), (count) => Deferred.succeed(to, count + 1))
        )
        last = to
      }
      yield* Effect.yieldNow
      yield* Deferred.succeed(first, 0)
      return yield* Deferred.await(last)
    })
    expect(SimBackend.runSync(chain, { seed: 1 })).toEqual(Exit.succeed(20_000))
  })

  it("runs no finalizer, as if the process had been killed", () => {
    let finalized = false
    const program = Effect.ensuring(
      Effect.never,
      Effect.sync(() => {
        finalized = true
      })
    )
    haltOf(SimBackend.runSync(program, { seed: 1 }))
    expect(finalized).toBe(false)
  })

  it("in a layer is told on the console, and interrupts the program", async () => {
    const told: Array<unknown> = []
    let finalized: unknown
    const program = Effect.gen(function* () {
      yield* Effect.addFinalizer((exit) =>
        Effect.sync(() => {
          finalized = exit
        })
      )
      yield* stuck
    }).pipe(Effect.scoped, Effect.provide(SimBackend.layer({ seed: 5 })))
    const console = { ...globalThis.console, error: (text: unknown) => told.push(text) }
    const exit = await Effect.runPromiseExit(
      Effect.provideService(program, Console.Console, console)
    )
    expect(Exit.hasInterrupts(exit)).toBe(true)
    expect(finalized).toSatisfy(Exit.isFailure)
    expect(told).toHaveLength(1)
    for (const line of lines) expect(told[0]).toContain(line.replace(/^fiber #\d /, ""))
  })

  it("is not one as long as a promise can still settle", async () => {
    const hops = (count: number): Promise<number> =>
      count === 0 ? Promise.resolve(7) : Promise.resolve().then(() => hops(count - 1))
    const program = Effect.promise(() => hops(100))
    expect(await Effect.runPromise(SimBackend.run(program, { seed: 1 }))).toBe(7)
    const layer = SimBackend.layer({ seed: 1 })
    expect(await Effect.runPromise(Effect.provide(program, layer))).toBe(7)
    expect(haltOf(SimBackend.runSync(program, { seed: 1 })).reason).toBe("deadlock")
  })
})

describe("a program that waits while everything that is open was unref'd", () => {
  const finalized: Array<string> = []
  const idle = Effect.gen(function* () {
    yield* Effect.addFinalizer(() =>
      Effect.andThen(
        Effect.sleep("1 second"),
        Effect.sync(() => finalized.push("finalized"))
      )
    )
    const listener = yield* Tcp.listen({ path: "\0quiet" })
    yield* listener.unref
    yield* listener.accept
  }).pipe(Effect.scoped)

  it("is interrupted, and its finalizers run, by every way to run it", async () => {
    finalized.length = 0
    expect(Exit.hasInterrupts(SimBackend.runSync(idle, { seed: 1 }))).toBe(true)
    const run = SimBackend.run(idle, { seed: 1 })
    expect(Exit.hasInterrupts(await Effect.runPromiseExit(run))).toBe(true)
    const told: Array<unknown> = []
    const console = { ...globalThis.console, error: (text: unknown) => told.push(text) }
    const inLayer = Effect.provide(idle, SimBackend.layer({ seed: 1 }))
    const provided = Effect.provideService(inLayer, Console.Console, console)
    expect(Exit.hasInterrupts(await Effect.runPromiseExit(provided))).toBe(true)
    expect(finalized).toEqual(["finalized", "finalized", "finalized"])
    expect(told).toEqual([])
  })

  it("goes on as long as anything ref'd is left", () => {
    const program = Effect.gen(function* () {
      const listener = yield* Tcp.listen({ path: "\0quiet" })
      yield* listener.unref
      const nap = Effect.andThen(Effect.sleep("1 hour"), Tcp.connect({ path: "\0quiet" }))
      yield* Effect.forkScoped(nap)
      yield* listener.accept
    }).pipe(Effect.scoped)
    expect(SimBackend.runSync(program, { seed: 1 })).toEqual(Exit.void)
  })

  it("is deadlocked if it waits again after that", () => {
    const program = Effect.gen(function* () {
      const listener = yield* Tcp.listen({ path: "\0quiet" })
      yield* listener.unref
      yield* Effect.onInterrupt(listener.accept, () => Effect.never)
    }).pipe(Effect.scoped)
    expect(haltOf(SimBackend.runSync(program, { seed: 1 })).reason).toBe("deadlock")
  })

  it("is deadlocked when nothing is open at all", async () => {
    expect(haltOf(SimBackend.runSync(Effect.never, { seed: 1 })).reason).toBe("deadlock")
    const told: Array<unknown> = []
    const console = { ...globalThis.console, error: (text: unknown) => told.push(text) }
    const never = Effect.andThen(Effect.yieldNow, Effect.never)
    const inLayer = Effect.provide(never, SimBackend.layer({ seed: 1 }))
    await Effect.runPromiseExit(Effect.provideService(inLayer, Console.Console, console))
    expect(told).toEqual([expect.stringContaining("Deadlock")])
  })

  // Of the listener, of two streams, of one that is closed, and of a connect that is given up.
  it("may leave whatever it has opened before", () => {
    const program = Effect.gen(function* () {
      const listener = yield* Tcp.listen({ port: 0, backlog: 1 })
      const port = "port" in listener.address ? listener.address.port : 0
      const connect = Tcp.connect({ port })
      const client = yield* connect
      const server = yield* listener.accept
      yield* Effect.scoped(connect)
      yield* Effect.all([connect, connect, connect], { concurrency: 3 }).pipe(
        Effect.timeoutOption("1 second"),
        Effect.scoped
      )
      for (const handle of [listener, client, server]) yield* handle.unref
      yield* client.read
    }).pipe(Effect.scoped)
    expect(Exit.hasInterrupts(SimBackend.runSync(program, { seed: 1 }))).toBe(true)
  })
})

describe("a limit", () => {
  it("of steps ends a program that spins", () => {
    const spin = Effect.forever(Effect.yieldNow)
    const halt = haltOf(SimBackend.runSync(spin, { seed: 1, stepsMax: 1000 }))
    expect(halt).toMatchObject({ reason: "stepLimit", progress: { steps: 1000 } })
  })

  it("of virtual time ends a program that sleeps on", () => {
    const naps = Effect.forever(Effect.sleep("1 second"))
    const halt = haltOf(SimBackend.runSync(naps, { seed: 1, timeMax: "1 minute" }))
    expect(halt.reason).toBe("timeLimit")
    expect(halt.progress.nanos / 1e9).toBeCloseTo(59, 0)
    expect(halt.fibers).toEqual(["fiber #1 has waited 0 ms for Effect.sleep, 1.0 s left"])
  })

  it("in a layer interrupts the program, whose finalizers still have time", async () => {
    let finalizedAfter = 0
    const program = Effect.forever(Effect.sleep("1 second")).pipe(
      Effect.ensuring(
        Effect.andThen(
          Effect.sleep("10 seconds"),
          Effect.sync(() => finalizedAfter++)
        )
      ),
      Effect.provide(SimBackend.layer({ seed: 1, timeMax: "1 minute" })),
      Effect.provideService(Console.Console, { ...globalThis.console, error: () => {} })
    )
    expect(Exit.hasInterrupts(await Effect.runPromiseExit(program))).toBe(true)
    expect(finalizedAfter).toBe(1)
  })

  it.each([
    ["seed", { seed: -1 }],
    ["seed", { seed: 0.5 }],
    ["stepsMax", { seed: 1, stepsMax: 0 }],
    ["timeMax", { seed: 1, timeMax: "101 days" }],
    ["latency", { seed: 1, latency: 0 }],
    ["sendBufferBytes", { seed: 1, sendBufferBytes: 0 }]
  ] as const)("out of its bound is a defect that names it: %s", (name, options) => {
    expect(() => SimBackend.runSync(Effect.void, options)).toThrow(`The simulator's ${name}`)
  })
})
