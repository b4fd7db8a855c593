/** Laws of what fibers wait for, as the loop lists it. */
import { EventLoop, type PendingOperation, Tcp } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { connectedPair } from "../Connections.ts"
import { equals, isTrue } from "../Expectation.ts"
import { silentConnects, withPorts } from "../FaultyPorts.ts"
import { law, lawGroup } from "../Law.ts"
import { eventually, nextTurn } from "../Turns.ts"

const pendingOf = ({ id }: { readonly id: number }) =>
  Effect.map(
    EventLoop.EventLoop.use((loop) => loop.operations),
    (operations) => operations.filter(({ fiberId }) => fiberId === id)
  )

type Pending = PendingOperation.PendingOperation

/** Waits until the fiber has one operation pending; gives it. */
const pends = (fiber: Fiber.Fiber<unknown, unknown>) =>
  Effect.gen(function* () {
    let found: ReadonlyArray<Pending> = []
    yield* eventually(
      `fiber #${fiber.id} waits`,
      Effect.map(pendingOf(fiber), (pending) => (found = pending).length > 0)
    )
    yield* equals(found.length, 1, `operations of fiber #${fiber.id}`)
    return found[0]!
  })

/** One operation of each kind, that does not end by itself, and the handle it is on. */
const operations = Effect.gen(function* () {
  const { openTimer, openWakeUp } = yield* EventLoop.EventLoop
  const { client, listener } = yield* connectedPair()
  const timer = yield* openTimer("1 hour")
  const wakeUp = yield* openWakeUp
  return [
    { name: "TcpStream.read", effect: Effect.asVoid(client.read), handle: client },
    { name: "TcpStream.awaitReadable", effect: client.awaitReadable, handle: client },
    {
      name: "TcpListener.accept",
      effect: Effect.asVoid(Effect.scoped(listener.accept)),
      handle: listener
    },
    { name: "Timer.await", effect: timer.await, handle: timer },
    { name: "WakeUp.await", effect: Effect.asVoid(wakeUp.await), handle: wakeUp },
    { name: "Effect.sleep", effect: Effect.sleep("1 hour"), handle: undefined }
  ] as const
})

export const PendingLaws = lawGroup("Pending operations", [
  law("OPER-01", "each operation that a fiber waits for is listed with its handle", function* () {
    for (const { effect, handle, name } of yield* operations) {
      const fiber = yield* Effect.forkChild(effect)
      const pending = yield* pends(fiber)
      yield* equals(pending.operation, name, "operation")
      yield* isTrue(pending.handle === handle, `${name} is on ${pending.handle?.label}`)
      yield* isTrue(pending.isRef, `${name} should keep the loop alive`)
      yield* Fiber.interrupt(fiber)
      yield* equals((yield* pendingOf(fiber)).length, 0, `${name} once it was interrupted`)
    }
  }),

  law("OPER-02", "an operation that ended is not listed any more", function* () {
    const { openTimer, openWakeUp } = yield* EventLoop.EventLoop
    const { client, server } = yield* connectedPair()
    const timer = yield* openTimer("1 hour")
    const wakeUp = yield* openWakeUp
    const ending: ReadonlyArray<
      readonly [Effect.Effect<unknown, unknown>, Effect.Effect<void, unknown>]
    > = [
      [client.read, server.write(new Uint8Array([1]))],
      [timer.await, timer.restart(0)],
      [wakeUp.await, wakeUp.wake],
      [client.awaitReadable, client.close]
    ]
    for (const [effect, end] of ending) {
      const fiber = yield* Effect.forkChild(Effect.exit(effect))
      const { operation } = yield* pends(fiber)
      yield* Effect.orDie(end)
      yield* Fiber.join(fiber)
      yield* equals((yield* pendingOf(fiber)).length, 0, `${operation} when it has ended`)
    }
  }),

  law("OPER-03", "a connect under way is listed with its address", function* () {
    const body = Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.scoped(Tcp.connect({ port: 80 })))
      const { address, handle, isRef, operation } = yield* pends(fiber)
      yield* equals(operation, "Tcp.connect", "operation")
      yield* equals(address, "tcp://127.0.0.1:80", "address")
      yield* isTrue(handle === undefined && isRef, "It has no handle and keeps the loop alive")
      yield* Fiber.interrupt(fiber)
      yield* equals((yield* pendingOf(fiber)).length, 0, "connects once it was interrupted")
    })
    yield* withPorts(
      silentConnects(() => {}),
      Effect.scoped(body)
    )
  }),

  law(
    "OPER-04",
    "an operation says how long it has waited, and a sleep how long it will",
    function* () {
      const { openWakeUp } = yield* EventLoop.EventLoop
      const wakeUp = yield* openWakeUp
      const ageOf = (fiber: Fiber.Fiber<unknown, unknown>) =>
        Effect.map(pends(fiber), ({ ageMillis }) => ageMillis ?? Number.NaN)
      const waiting = yield* Effect.forkChild(wakeUp.await)
      const first = yield* ageOf(waiting)
      yield* isTrue(first >= 0 && first < 1_000, `A wait that has just begun is ${first} ms old`)
      yield* eventually(
        "it grows older",
        Effect.map(ageOf(waiting), (age) => age > first)
      )
      const { remainingMillis } = yield* pends(waiting)
      yield* equals(remainingMillis, undefined, "what is left of a wait")
      const sleeping = yield* Effect.forkChild(Effect.sleep("1 hour"))
      const left = (yield* pends(sleeping)).remainingMillis ?? Number.NaN
      yield* isTrue(left > 3_590_000 && left <= 3_600_000, `${left} ms are left of an hour`)
    }
  ),

  law("OPER-05", "an operation on what is unref'd does not keep the loop alive", function* () {
    const { openTimer } = yield* EventLoop.EventLoop
    const timer = yield* openTimer("1 hour")
    const waiting = yield* Effect.forkChild(timer.await)
    yield* isTrue((yield* pends(waiting)).isRef, "It should at first")
    yield* timer.unref
    yield* isTrue(!(yield* pends(waiting)).isRef, "It should not")
  }),

  law("OPER-06", "an interrupted wait is no longer registered when that is observed", function* () {
    for (const { effect, handle, name } of yield* operations) {
      if (handle === undefined) continue
      const observed: Array<number> = []
      const look = Effect.sync(() => observed.push(handle.waits.length))
      const fiber = yield* Effect.forkChild(Effect.ensuring(effect, look))
      yield* eventually(
        `${name} waits`,
        Effect.sync(() => handle.waits.length === 1)
      )
      yield* Fiber.interrupt(fiber)
      yield* equals(observed[0], 0, `fibers that wait on ${handle.label} when ${name} has ended`)
      yield* nextTurn
    }
  })
])
