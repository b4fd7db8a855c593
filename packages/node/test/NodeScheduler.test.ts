/** The scheduler on a real loop, on Node and on Bun. What it cures would hang these tests. */
import { HostScheduler } from "@portico/core/HostScheduler"
import { NodeScheduler } from "@portico/node"
import { NodeLoop } from "@portico/node/loop/NodeLoop"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Scheduler } from "effect/Scheduler"
import { expect, it } from "vitest"

const run = <A, E>(program: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(Effect.provide(program, NodeScheduler.layer()))

/** A timer of the host's own, which fires only when the loop gets a turn. */
const hostTimer = (millis: number) => {
  const timer = { hasFired: false }
  setTimeout(() => {
    timer.hasFired = true
  }, millis)
  return timer
}

const spin = Effect.forever(
  Effect.suspend(() => Effect.void),
  { disableYield: true }
)

it("every layer of the thread installs the thread's own, one with options a new one", async () => {
  const installed = (options?: { readonly turnMillisMax: number }) =>
    Effect.runPromise(Effect.provide(Effect.service(Scheduler), NodeScheduler.layer(options)))
  expect(await installed()).toBe(NodeScheduler.ofThread())
  expect(await installed()).toBe(await installed())
  const own = await installed({ turnMillisMax: 2 })
  expect(own).not.toBe(NodeScheduler.ofThread())
  expect(await installed({ turnMillisMax: 2 })).not.toBe(own)
})

it("a loop over settled promises lets a timer fire", async () => {
  const timer = hostTimer(1)
  const loop = Effect.whileLoop({
    while: () => !timer.hasFired,
    body: () => Effect.promise(() => Promise.resolve()),
    step: () => {}
  })
  await run(loop)
  expect(timer.hasFired).toBe(true)
})

it("three hundred fibers that only compute let a sleep end", async () => {
  const program = Effect.gen(function* () {
    const fibers = yield* Effect.forEach(Array.from({ length: 300 }), () => Effect.forkChild(spin))
    yield* Effect.sleep("5 millis")
    yield* Fiber.interruptAll(fibers)
    return fibers.length
  })
  expect(await run(program)).toBe(300)
})

it("a chain of 20,000 fibers, each woken by the one before, ends well", async () => {
  const links = 20_000
  const program = Effect.gen(function* () {
    const chain = Array.from({ length: links + 1 }, () => Deferred.makeUnsafe<number>())
    for (let link = 0; link < links; link++) {
      yield* Effect.forkChild(
        Effect.flatMap(Deferred.await(chain[link]!), (n) =>
          Deferred.succeed(chain[link + 1]!, n + 1)
        )
      )
    }
    yield* Effect.yieldNow
    yield* Deferred.succeed(chain[0]!, 0)
    return yield* Deferred.await(chain[links]!)
  })
  expect(await run(program)).toBe(links)
})

it("no callback overtakes those that were crowded out before", async () => {
  const scheduler = new HostScheduler(new NodeLoop())
  const order: Array<number> = []
  const resumes: Array<() => void> = []
  const numbers = Array.from({ length: 101 }, (_, number) => number)
  const fibers: Array<Fiber.Fiber<unknown>> = numbers.map((number) => {
    const waiting = Effect.callback<void>((resume) => {
      resumes[number] = () => resume(Effect.void)
    })
    const noting = Effect.sync(() => order.push(number))
    return Effect.runFork(Effect.andThen(waiting, noting), { scheduler })
  })
  const callback = (from: number, to: number) => {
    for (const resume of resumes.slice(from, to)) {
      scheduler.begin()
      resume()
      scheduler.end()
    }
  }
  // Callbacks have had their share, so further ones queue up.
  const block = Effect.sync(() => {
    const end = performance.now() + 10
    while (performance.now() < end);
  })
  scheduler.begin()
  fibers.push(Effect.runFork(block, { scheduler }))
  scheduler.end()
  // The turn ends before it comes to all of them, and a callback comes between two turns.
  fibers.push(Effect.runFork(Effect.andThen(Effect.yieldNowWith(-1), block), { scheduler }))
  callback(0, 100)
  expect(order.length).toBeLessThan(100)
  setImmediate(() => {
    expect(order.length).toBeLessThan(100)
    callback(100, 101)
  })
  await Effect.runPromise(Fiber.joinAll(fibers))
  expect(order).toEqual(numbers)
})

it("priorities hold across fibers", async () => {
  const order: Array<number> = []
  const at = (priority: number) =>
    Effect.andThen(
      Effect.yieldNowWith(priority),
      Effect.sync(() => order.push(priority))
    )
  await run(Effect.all([10, -10, 0].map(at), { concurrency: "unbounded" }))
  expect(order).toEqual([-10, 0, 10])
})

it("a low priority goes on beside a high one that never rests", async () => {
  const program = Effect.gen(function* () {
    const busy = yield* Effect.forkChild(Effect.forever(Effect.yieldNowWith(-10)))
    for (let round = 0; round < 100; round++) yield* Effect.yieldNowWith(10)
    yield* Fiber.interrupt(busy)
    return "done"
  })
  expect(await run(program)).toBe("done")
})

it.each([
  ["turnMillisMax", Number.NaN],
  ["turnMillisMax", 0],
  ["sliceMillisMax", -1],
  ["sliceMillisMax", 1001]
])("a %s of %d is refused by name", (name, millis) => {
  const program = Effect.provide(Effect.void, NodeScheduler.layer({ [name]: millis }))
  expect(() => Effect.runSync(program)).toThrow(name)
})

it("a thousand fibers that a gate frees keep no callback waiting", async () => {
  const scheduler = new HostScheduler(new NodeLoop())
  const gate = Deferred.makeUnsafe<void>()
  const spinning = Array.from({ length: 1000 }, () =>
    Effect.runFork(Effect.andThen(Deferred.await(gate), spin), { scheduler })
  )
  let wake = (): void => {}
  let isAwake = false
  const waiting = Effect.callback<void>((resume) => {
    wake = () => resume(Effect.sync(() => void (isAwake = true)))
  })
  Effect.runFork(waiting, { scheduler })
  Effect.runFork(Deferred.succeed(gate, undefined), { scheduler })
  await new Promise((resolve) => setTimeout(resolve, 5))
  scheduler.begin()
  wake()
  scheduler.end()
  expect(isAwake).toBe(true)
  for (const fiber of spinning) fiber.interruptUnsafe()
})
