import { BunBackend, BunScheduler } from "@portico/bun"
import * as BunLoop from "@portico/bun/loop/BunLoop"
import { Address, Tcp } from "@portico/core"
import * as NodeClock from "@portico/node/NodeClock"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Scheduler } from "effect/Scheduler"
import { expect, it } from "vitest"

const hello = new TextEncoder().encode("hello")

it("a program that names no backend runs over the layer", async () => {
  const program = Effect.gen(function* () {
    const server = yield* Tcp.serve(
      (stream) => Effect.flatMap(stream.readExactly(hello.length), (bytes) => stream.write(bytes)),
      { port: 0, connectionsMax: 10 }
    )
    const stream = yield* Tcp.connect(Address.toInput(server.address))
    yield* stream.write(hello)
    const answer = yield* stream.readExactly(hello.length)
    return [answer, yield* stream.read] as const
  })
  const [answer, end] = await Effect.runPromise(
    program.pipe(Effect.scoped, Effect.provide(BunBackend.layer))
  )
  expect(answer).toEqual(hello)
  expect(end.length).toBe(0)
})

it("the thread's scheduler and clock run the program", async () => {
  const [scheduler, clock] = await Effect.runPromise(
    Effect.provide(
      Effect.all([Effect.service(Scheduler), Effect.service(Clock.Clock)]),
      BunBackend.layer
    )
  )
  expect(scheduler).toBe(BunScheduler.ofThread())
  expect(clock).toBe(NodeClock.ofThread())
})

it("two layers of a thread have one loop, scheduler and clock", () => {
  const [one, other] = [BunBackend.makePorts(), BunBackend.makePorts()]
  expect(one.loop).toBe(BunLoop.ofThread())
  expect(other.loop).toBe(one.loop)
  expect(other.scheduler).toBe(one.scheduler)
  expect(other.clock).toBe(one.clock)
})

it("the loop counts no utilization and names no resources, as Bun does not", () => {
  const loop = BunLoop.ofThread()
  expect(loop.utilization()).toBe(undefined)
  expect(loop.hostResources()).toEqual([])
})
