/** Time limits, timers, scopes and stopping: the order in which things happen. */
import { Deadline, Interval, SoftCancel, Tcp } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { type Program, type Say, tell } from "./Program.ts"

const program = (name: string, run: Program["run"]): Program => ({ name, run })

const later = (say: Say, millis: number) =>
  Effect.andThen(
    Effect.sleep(millis),
    Effect.sync(() => say(`after ${millis}`))
  )

export const times: ReadonlyArray<Program> = [
  program("sleeps end in the order of their lengths", (say) =>
    Effect.all([later(say, 30), later(say, 1), later(say, 15)], { concurrency: "unbounded" })
  ),
  program("a sleep that is interrupted", (say) =>
    Effect.gen(function* () {
      const sleeping = yield* Effect.forkChild(tell(say, "sleep", Effect.sleep("1 hour")), {
        startImmediately: true
      })
      yield* Fiber.interrupt(sleeping)
      say("after")
    })
  ),
  program("a deadline that passes", (say) =>
    Effect.gen(function* () {
      const deadline = yield* Deadline.after("5 millis")
      yield* tell(say, "within", Deadline.within(Effect.never, deadline))
      say(`passed ${yield* Deadline.hasPassed(deadline)}`)
    })
  ),
  program("a deadline that does not", (say) =>
    Effect.gen(function* () {
      const deadline = yield* Deadline.after("1 hour")
      yield* tell(say, "within", Deadline.within(Effect.succeed(7), deadline), String)
      say(`passed ${yield* Deadline.hasPassed(deadline)}`)
    })
  ),
  program("the earlier of two deadlines is in force", (say) =>
    Effect.gen(function* () {
      const outer = yield* Deadline.after("5 millis")
      const inner = yield* Deadline.after("1 hour")
      const both = Deadline.within(tell(say, "inner", Deadline.within(Effect.never, inner)), outer)
      yield* tell(say, "outer", both)
    })
  ),
  program("a read whose time is over loses nothing", (say) =>
    Effect.gen(function* () {
      const listener = yield* Tcp.listen({ host: "127.0.0.1", port: 0 })
      const port = "port" in listener.address ? listener.address.port : 0
      const stream = yield* Tcp.connect({ host: "127.0.0.1", port })
      const other = yield* listener.accept
      yield* other.write(new Uint8Array(3))
      const deadline = yield* Deadline.after("5 millis")
      yield* tell(say, "five", Deadline.within(stream.readExactly(5), deadline))
      yield* other.write(new Uint8Array(2))
      yield* tell(say, "five", stream.readExactly(5), ({ length }) => String(length))
    })
  ),
  program("scopes close backwards", (say) =>
    Effect.scoped(
      Effect.forEach([1, 2, 3], (number) =>
        Effect.addFinalizer(() => Effect.sync(() => say(`close ${number}`)))
      )
    )
  ),
  program("a scope closes what was opened in it", (say) =>
    Effect.gen(function* () {
      const listener = yield* Effect.scoped(Tcp.listen({ host: "127.0.0.1", port: 0 }))
      yield* tell(say, "accept", listener.accept)
    })
  ),
  program("an interval that waits for nobody who is late", (say) =>
    Effect.gen(function* () {
      const interval = yield* Interval.make("2 millis")
      for (let tick = 0; tick < 3; tick++) yield* tell(say, "tick", interval.tick)
    })
  ),
  program("who is asked to stop may end by himself", (say) =>
    Effect.gen(function* () {
      const worker = Effect.andThen(
        SoftCancel.awaitRequest,
        Effect.sync(() => say("asked"))
      )
      const running = yield* Effect.forkChild(
        SoftCancel.run(() => worker),
        { startImmediately: true }
      )
      yield* Fiber.interrupt(running)
      say("gone")
    })
  )
]
