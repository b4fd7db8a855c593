/** Laws of the list of fibers, and of the dump that is made of it. */
import { EventLoop, type FiberReport } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { connectedPair } from "../Connections.ts"
import { equals, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { spin } from "../Spinning.ts"
import { eventually, nextTurn, parked } from "../Turns.ts"

const fibers = EventLoop.EventLoop.use((loop) => loop.fibers)

type AnyFiber = Pick<Fiber.Fiber<unknown, unknown>, "id">

const reportOf = ({ id }: AnyFiber) =>
  Effect.map(fibers, (reports) => reports.find((report) => report.id === id))

const nowMillis = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)

/** Waits until the fiber is in a state with this tag; gives what is said of it then. */
const isIn = (fiber: AnyFiber, tag: FiberReport.FiberState["_tag"]) =>
  Effect.gen(function* () {
    let report: FiberReport.FiberReport | undefined
    yield* eventually(
      `fiber #${fiber.id} is ${tag}`,
      Effect.map(reportOf(fiber), (found) => (report = found)?.state._tag === tag)
    )
    return report!
  })

/** A frame of this file, with line and column. */
const here = /^at .*\(.*FiberDumpLaws\.ts:\d+:\d+\)$/

export const FiberDumpLaws = lawGroup("Fibers", [
  law("FIBER-01", "a fiber is listed with what it does, until it has ended", function* () {
    const { client, server } = yield* connectedPair()
    const gate = yield* Deferred.make<void>()
    const reading = yield* Effect.forkChild(client.read)
    const suspended = yield* Effect.forkChild(Deferred.await(gate))
    const sleeping = yield* Effect.forkChild(Effect.sleep("1 hour"))
    for (const [fiber, operation] of [
      [reading, "TcpStream.read"],
      [sleeping, "Effect.sleep"]
    ] as const) {
      const { state } = yield* isIn(fiber, "Waiting")
      yield* equals(state._tag === "Waiting" && state.operation.operation, operation, "operation")
    }
    yield* isIn(suspended, "Suspended")
    const asking = yield* Effect.withFiber((fiber) => reportOf(fiber))
    yield* equals(asking?.state._tag, "Running", "state of who asks")
    yield* server.write(new Uint8Array([1]))
    yield* Deferred.succeed(gate, undefined)
    yield* Fiber.join(reading)
    yield* Fiber.join(suspended)
    yield* Fiber.interrupt(sleeping)
    for (const fiber of [reading, suspended, sleeping]) {
      yield* isTrue((yield* reportOf(fiber)) === undefined, `Fiber #${fiber.id} has ended`)
    }
  }),

  law("FIBER-02", "a fiber is listed with its span and the places that led there", function* () {
    const inner = Effect.fn("inner")(() => Effect.never)
    const outer = Effect.fn("outer")(() => inner())
    const named = yield* Effect.forkChild(outer())
    const spanned = yield* Effect.forkChild(Effect.withSpan(Effect.never, "spanned"))
    for (const [fiber, span, count] of [
      [named, "inner", 2],
      [spanned, "spanned", 1]
    ] as const) {
      yield* eventually(
        `fiber #${fiber.id} is in ${span}`,
        Effect.map(reportOf(fiber), (report) => report?.span === span)
      )
      const { frames } = (yield* reportOf(fiber))!
      const ours = frames.filter((frame) => here.test(frame))
      const seen = frames.join("; ") || "none"
      yield* isTrue(ours.length >= count, `Expected ${count} frames of this file, got ${seen}`)
      yield* isTrue(frames[0]?.includes(span) === true, `Expected ${span} first, got ${seen}`)
    }
    const plain = yield* Effect.forkChild(Effect.never)
    yield* isIn(plain, "Suspended")
  }),

  law("FIBER-03", "a fiber that computes is listed as queued while others run", function* () {
    const spinner = yield* Effect.forkChild(spin)
    const { sinceMillis } = yield* isIn(spinner, "Queued")
    yield* isTrue(sinceMillis >= 0, `It has been queued for ${sinceMillis} ms`)
    yield* Fiber.interrupt(spinner)
    yield* isTrue((yield* reportOf(spinner)) === undefined, "It has ended")
  }),

  law("FIBER-04", "every fiber that has started is listed, and none that has ended", function* () {
    const gate = yield* Deferred.make<void>()
    // The suite bounds the law by another fiber, which begins after the law's first step.
    yield* nextTurn
    const before = (yield* fibers).length
    const forked = yield* Effect.forEach(Array.from({ length: 1_000 }), () =>
      Effect.forkChild(Deferred.await(gate), { startImmediately: true })
    )
    const ids = (yield* fibers).map(({ id }) => id)
    yield* equals(ids.length, before + 1_000, "fibers while they wait")
    yield* isTrue(
      ids.every((id, index) => index === 0 || ids[index - 1]! < id),
      "Each should be listed once, by id"
    )
    yield* Deferred.succeed(gate, undefined)
    yield* Fiber.joinAll(forked)
    yield* equals((yield* fibers).length, before, "fibers when they have ended")
  }),

  law("FIBER-05", "a fiber says for how long it has waited", function* () {
    const { openWakeUp } = yield* EventLoop.EventLoop
    const wakeUp = yield* openWakeUp
    const waiting = yield* Effect.forkChild(Effect.forever(wakeUp.await))
    const { sinceMillis } = yield* isIn(waiting, "Waiting")
    yield* isTrue(sinceMillis >= 0 && sinceMillis < 1_000, `It began ${sinceMillis} ms ago`)
    // When its wait began, at the latest before the wake-up and at the earliest after it: whoever
    // asks may be stopped for longer than the fiber waits.
    let began = 0
    yield* eventually(
      "it waits for more than 2 ms",
      Effect.gen(function* () {
        const since = (yield* reportOf(waiting))?.sinceMillis ?? 0
        began = (yield* nowMillis) - since
        return since > 2
      })
    )
    yield* wakeUp.wake
    yield* eventually(
      "it began to run again",
      Effect.gen(function* () {
        const now = yield* nowMillis
        const since = (yield* reportOf(waiting))?.sinceMillis ?? Infinity
        return now - since > began
      })
    )
  }),

  law(
    "DUMP-01",
    "a dump holds what keeps the loop alive, every handle and every fiber",
    function* () {
      const loop = yield* EventLoop.EventLoop
      const timer = yield* loop.openTimer("1 hour")
      const wakeUp = yield* loop.openWakeUp
      yield* wakeUp.unref
      const waits = Effect.withSpan(timer.await, "the one who waits")
      const waiting = yield* Effect.forkChild(waits, { startImmediately: true })
      yield* parked(timer)
      const dump = yield* loop.dump
      const lines = dump.split("\n")
      const said = [
        `fiber #${waiting.id} "the one who waits" has waited`,
        `for Timer.await on ${timer.label}`,
        `${timer.label} is Open, opened at `,
        `${wakeUp.label} is Open, unref'd, opened at `
      ]
      for (const text of said) yield* isTrue(dump.includes(text), `Not said: ${text}\n${dump}`)
      const alive = lines.slice(lines.indexOf("kept alive by") + 1)
      const handlesAt = alive.findIndex((line) => line.startsWith("handles ("))
      const isNamed = (label: string) =>
        alive.slice(0, handlesAt).some((line) => line.includes(label))
      yield* isTrue(isNamed(timer.label), `${timer.label} should keep it alive:\n${dump}`)
      yield* isTrue(!isNamed(wakeUp.label), `${wakeUp.label} should not keep it alive:\n${dump}`)
      for (const { id } of yield* loop.fibers) {
        yield* isTrue(dump.includes(`fiber #${id} `), `Not named: fiber #${id}\n${dump}`)
      }
      yield* isTrue(/\d+ turns, \d+ tasks/.test(dump), `Expected figures:\n${dump}`)
    }
  )
])
