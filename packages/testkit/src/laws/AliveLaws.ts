/** Laws of what keeps a loop alive, and so a process. */
import { Backend, EventLoop, Phase } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { connectedPair } from "../Connections.ts"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { overriding, type PortChange, withPorts } from "../FaultyPorts.ts"
import { isAlive } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { withOwnSleeps } from "../OwnSleeps.ts"
import { nextTurn } from "../Turns.ts"

/** What core knows of; a host adds what it has of its own. */
const reasons = Effect.map(
  EventLoop.EventLoop.use((loop) => loop.keptAliveBy),
  (lines) => lines.filter((line) => !line.startsWith("the host's own: "))
)

/** One of the lines holds all of these. */
const names = (lines: ReadonlyArray<string>, ...texts: ReadonlyArray<string>) =>
  isTrue(
    lines.some((line) => texts.every((text) => line.includes(text))),
    `Expected a line with ${texts.join(" and ")}, got ${lines.join("; ") || "none"}`
  )

/** Writes down each call of `setRef`. */
const recordingRefs =
  (calls: Array<string>): PortChange =>
  (ports) => {
    const { loop } = ports
    const recording = <T extends { setRef(isRef: boolean): void }>(name: string, port: T): T => {
      const setRef = (isRef: boolean): void => {
        calls.push(`${isRef ? "ref" : "unref"} ${name}`)
        port.setRef(isRef)
      }
      return overriding<{ setRef(isRef: boolean): void }>(port, { setRef }) as T
    }
    return {
      ...ports,
      loop: overriding(loop, {
        startTimer: (millis, callback) => recording("timer", loop.startTimer(millis, callback)),
        openWakeUp: (cell, onWake) => recording("wake-up", loop.openWakeUp(cell, onWake))
      })
    }
  }

/** As `Handle.site` has it, in this file. */
const here = "AliveLaws.ts:"

export const AliveLaws = lawGroup("Being alive", [
  law("ALIVE-01", "a timer keeps the loop alive while it is ref'd and going to fire", function* () {
    const body = Effect.gen(function* () {
      const { openTimer } = yield* EventLoop.EventLoop
      yield* isTrue(!(yield* isAlive), "Nothing is open yet")
      const timer = yield* openTimer("1 hour")
      yield* isTrue(timer.isRef && (yield* isAlive), "It should")
      yield* timer.unref
      yield* isTrue(!timer.isRef && !(yield* isAlive), "Unref'd, it should not")
      yield* timer.restart("2 hours")
      yield* isTrue(!timer.isRef && !(yield* isAlive), "Nor when it is restarted")
      yield* timer.ref
      yield* isTrue(timer.isRef && (yield* isAlive), "Ref'd again, it should")
      yield* timer.restart(Infinity)
      yield* isTrue(!(yield* isAlive), "It will never fire")
      yield* timer.restart(0)
      yield* timer.await
      yield* isTrue(!(yield* isAlive), "It has fired")
    })
    yield* withOwnSleeps(body)
  }),

  law("ALIVE-02", "an unref'd timer fires as well as any", function* () {
    const { openTimer } = yield* EventLoop.EventLoop
    const timer = yield* openTimer("1 millis")
    yield* timer.unref
    yield* timer.await
    yield* timer.restart("1 millis")
    yield* timer.await
  }),

  law(
    "ALIVE-03",
    "a wake-up keeps the loop alive while it is ref'd, and wakes it always",
    function* () {
      const body = Effect.gen(function* () {
        const { openWakeUp } = yield* EventLoop.EventLoop
        const wakeUp = yield* openWakeUp
        yield* isTrue(wakeUp.isRef && (yield* isAlive), "It should")
        yield* wakeUp.unref
        yield* isTrue(!wakeUp.isRef && !(yield* isAlive), "Unref'd, it should not")
        yield* wakeUp.wake
        yield* equals(yield* wakeUp.await, 1, "wakes taken")
        yield* wakeUp.ref
        yield* isTrue(wakeUp.isRef && (yield* isAlive), "Ref'd again, it should")
        yield* wakeUp.close
        yield* isTrue(!(yield* isAlive), "It is closed")
      })
      yield* withOwnSleeps(body)
    }
  ),

  law(
    "ALIVE-04",
    "a sleep and a posted task keep the loop alive until they are over",
    function* () {
      const body = Effect.gen(function* () {
        const loop = yield* EventLoop.EventLoop
        const sleeping = yield* Effect.forkChild(Effect.sleep("1 hour"), { startImmediately: true })
        yield* isTrue(yield* isAlive, "A sleep should")
        yield* names(yield* reasons, `fiber #${sleeping.id} in Effect.sleep`)
        yield* Fiber.interrupt(sleeping)
        yield* isTrue(!(yield* isAlive), "An interrupted one should not")
        // Both in one step: the task runs in a later one.
        yield* Effect.yieldNow
        const posted = yield* Effect.andThen(loop.post(Effect.void), Effect.zip(isAlive, reasons))
        yield* isTrue(posted[0], "A posted task should")
        yield* names(posted[1], "1 posted task")
        yield* nextTurn
        yield* nextTurn
        yield* isTrue(!(yield* isAlive), "One that ran should not")
      })
      yield* withOwnSleeps(body)
    }
  ),

  law("ALIVE-05", "what keeps the loop alive is named with the place that opened it", function* () {
    const body = Effect.gen(function* () {
      const { openTimer, openWakeUp } = yield* EventLoop.EventLoop
      yield* equalsAll(yield* reasons, [], "reasons before")
      const timer = yield* openTimer("1 hour")
      const wakeUp = yield* openWakeUp
      const { client, listener } = yield* connectedPair()
      const opened = [timer, wakeUp, client, listener]
      for (const { label } of [timer, wakeUp]) yield* names(yield* reasons, label, here)
      for (const { label } of [client, listener]) yield* names(yield* reasons, label)
      for (const handle of opened) {
        yield* handle.unref
        const left = yield* reasons
        yield* isTrue(
          left.every((line) => !line.includes(handle.label)),
          `Unref'd, it is named: ${handle.label}`
        )
      }
      const left = yield* reasons
      yield* equals(
        left.length,
        1,
        `reasons, of which one is the accepted stream: ${left.join("; ")}`
      )
    })
    yield* withOwnSleeps(body)
  }),

  law(
    "ALIVE-06",
    "ref and unref of what the loop opens reach the host, once a change",
    function* () {
      const calls: Array<string> = []
      const body = Effect.gen(function* () {
        const { openTimer, openWakeUp } = yield* EventLoop.EventLoop
        const timer = yield* openTimer("1 hour")
        const wakeUp = yield* openWakeUp
        for (const handle of [timer, wakeUp]) {
          for (const change of ["unref", "unref", "ref", "ref", "unref"] as const) {
            yield* handle[change]
          }
        }
        // The host's timer is another one now, and ref'd at first.
        yield* timer.restart("2 hours")
        yield* timer.close
        yield* timer.ref
      })
      yield* withPorts(recordingRefs(calls), Effect.scoped(body))
      const each = ["unref", "ref", "unref"]
      const expected = ["timer", "wake-up"].flatMap((name) => each.map((call) => `${call} ${name}`))
      yield* equalsAll(calls, [...expected, "unref timer"], "calls")
    }
  ),

  law("ALIVE-07", "a hook keeps the loop alive while it is ref'd", function* () {
    const body = Effect.gen(function* () {
      const { hook } = yield* EventLoop.EventLoop
      const { capabilities } = yield* Backend.Backend
      for (const phase of Phase.all) {
        if (!capabilities[Phase.capability[phase]]) continue
        const hooked = yield* hook(phase, () => {})
        yield* isTrue(hooked.isRef && (yield* isAlive), `A hook of phase ${phase} should`)
        yield* hooked.unref
        yield* isTrue(!hooked.isRef && !(yield* isAlive), "Unref'd, it should not")
        yield* hooked.ref
        yield* isTrue(hooked.isRef && (yield* isAlive), "Ref'd again, it should")
        yield* hooked.close
        yield* isTrue(!(yield* isAlive), "It is closed")
      }
    })
    yield* withOwnSleeps(body)
  })
])
