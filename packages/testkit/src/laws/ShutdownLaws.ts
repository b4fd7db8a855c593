/** Laws of stopping named parts in order. SCOPE. */
import { Shutdown, type ShutdownReport, Tcp, type TcpServer } from "@portico/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { inputOf } from "../Connections.ts"
import { equals, equalsAll, failsWith, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { eventually, settle } from "../Turns.ts"

const outcomes = (report: ShutdownReport.ShutdownReport): ReadonlyArray<string> =>
  report.parts.map(({ isLeft, name, outcome }) => `${name} ${outcome._tag}${isLeft ? " left" : ""}`)

export const ShutdownLaws = lawGroup("Ordered shutdown", [
  law("SCOPE-26", "parts stop one by one, the last first, and each is reported", function* () {
    const order: Array<string> = []
    const shutdown = yield* Shutdown.make({ total: "10 seconds" })
    for (const name of ["a", "b", "c"]) {
      const stop = Effect.gen(function* () {
        order.push(`${name} begins`)
        yield* Effect.yieldNow
        order.push(`${name} ends`)
        if (name === "b") return yield* Effect.fail("no")
      })
      yield* shutdown.register({ name, stop })
    }
    const report = yield* shutdown.run
    const expected = ["c", "b", "a"].flatMap((name) => [`${name} begins`, `${name} ends`])
    yield* equalsAll(order, expected, "order")
    yield* equalsAll(outcomes(report), ["c Finished", "b Failed", "a Finished"], "report")
    yield* isTrue((yield* shutdown.run) === report, "A second run gives the first one's report")
  }),

  law("SCOPE-27", "the parts of a stage stop together, the stages in turn", function* () {
    const shutdown = yield* Shutdown.make({ total: "10 seconds", stages: ["first", "second"] })
    const gate = yield* Deferred.make<void>()
    let second = 0
    yield* shutdown.register({
      name: "late",
      stage: "second",
      stop: Effect.sync(() => second++)
    })
    yield* shutdown.register({ name: "waits", stage: "first", stop: Deferred.await(gate) })
    yield* shutdown.register({
      name: "opens",
      stage: "first",
      stop: Effect.andThen(
        settle,
        Effect.map(Deferred.succeed(gate, undefined), () => second)
      )
    })
    const report = yield* shutdown.run
    const expected = ["waits Finished", "opens Finished", "late Finished"]
    yield* equalsAll(outcomes(report), expected, "report")
    const [, opens] = report.parts
    yield* isTrue(
      opens!.outcome._tag === "Finished" && opens!.outcome.value === 0,
      "The second stage began before the first had ended"
    )
  }),

  law("SCOPE-28", "no part holds up the whole beyond its total", function* () {
    const release = yield* Deferred.make<void>()
    const shutdown = yield* Shutdown.make({ total: "150 millis", interruptGrace: "140 millis" })
    yield* shutdown.register({ name: "quick", stop: Effect.void })
    yield* shutdown.register({ name: "hangs", stop: Effect.never })
    const ignoring = Effect.uninterruptible(Deferred.await(release))
    yield* shutdown.register({ name: "ignores", stop: ignoring })
    const report = yield* shutdown.run
    const expected = ["ignores TimedOut left", "hangs TimedOut", "quick Finished"]
    yield* equalsAll(outcomes(report), expected, "report")
    yield* Deferred.succeed(release, undefined)
  }),

  law("SCOPE-29", "interrupting a shutdown interrupts its parts and ends it", function* () {
    const shutdown = yield* Shutdown.make({ total: "1 minute" })
    yield* shutdown.register({ name: "quick", stop: Effect.void })
    yield* shutdown.register({ name: "hangs", stop: Effect.never })
    const fiber = yield* Effect.forkChild(shutdown.run, { startImmediately: true })
    yield* settle
    yield* Fiber.interrupt(fiber)
    const expected = ["hangs Interrupted", "quick Finished"]
    yield* equalsAll(outcomes(yield* shutdown.run), expected, "report")
  }),

  law("SCOPE-30", "a server's drain is a part, and its report comes with it", function* () {
    const server = yield* Tcp.serve(() => Effect.never, { port: 0, connectionsMax: 10 })
    yield* Tcp.connect(inputOf(server.address))
    yield* eventually(
      "a handler runs",
      Effect.map(server.connections, (count) => count === 1)
    )
    const shutdown = yield* Shutdown.make({ total: "10 seconds" })
    yield* shutdown.register({ name: "server", stop: server.drain({ deadline: "2 millis" }) })
    const report = yield* shutdown.run
    const [part] = report.parts
    const drained =
      part!.outcome._tag === "Finished" ? (part!.outcome.value as TcpServer.DrainReport) : undefined
    yield* equals(drained?.interrupted, 1, "interrupted handlers")
    yield* failsWith("ConnectionRefused", Tcp.connect(inputOf(server.address)))
  })
])
