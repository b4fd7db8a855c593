/** Laws of the phases of a turn, as far as a host shows them. */
import { Backend, EventLoop, Phase, type PhaseHook } from "@portico/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { connectedPair } from "../Connections.ts"
import { equals, isTrue } from "../Expectation.ts"
import { changingStreams, overriding, withPorts } from "../FaultyPorts.ts"
import { law, lawGroup, type Required } from "../Law.ts"
import type { LawFailure } from "../LawFailure.ts"
import { reads } from "../Streams.ts"
import { nextTurn, settle } from "../Turns.ts"

const hook = (phase: Phase.Phase, callback: () => void) =>
  EventLoop.EventLoop.use((loop) => loop.hook(phase, callback))

const showing = (phase: Phase.Phase): Required => ({
  name: Phase.capability[phase],
  ask: hook(phase, () => {})
})

/** Those that the backend shows, in the order of a turn. */
const shown = Effect.map(Backend.Backend, ({ capabilities }) =>
  Phase.all.filter((phase) => capabilities[Phase.capability[phase]])
)

/** Far more turns than it takes to see every phase three times. */
const roundsMax = 200

/** Makes turns in which something happens in every phase, until `condition` holds. */
const turning = (what: string, condition: () => boolean) =>
  Effect.gen(function* () {
    const { client, server } = yield* connectedPair()
    for (let round = 0; !condition(); round++) {
      yield* isTrue(round < roundsMax, `${what}: not in ${roundsMax} rounds`)
      yield* client.write(new Uint8Array([1]))
      yield* reads(server, new Uint8Array([1]))
      yield* Effect.sleep("10 micros")
      yield* Effect.scoped(EventLoop.EventLoop.use((loop) => loop.openTimer("1 hour")))
      yield* nextTurn
    }
  })

const calledInPhase = (phase: Phase.Phase, index: number) =>
  law(
    `PHASE-0${index + 1}`,
    `a hook of phase ${phase} is called once a turn, and no more when it is closed`,
    function* () {
      const calls: Array<number> = []
      const first = yield* hook(phase, () => calls.push(1))
      yield* hook(phase, () => calls.push(2))
      yield* equals(first.phase, phase, "phase")
      yield* turning("six calls", () => calls.length > 6)
      // Both in each turn, whichever of them is first.
      for (let call = 2; call < calls.length; call++) {
        yield* isTrue(calls[call] !== calls[call - 1], `Called in the order ${calls.join(", ")}`)
      }
      yield* first.close
      const before = calls.length
      yield* turning("three calls", () => calls.length > before + 3)
      yield* isTrue(!calls.slice(before).includes(1), "It was called after it was closed")
    },
    { capability: showing(phase) }
  )

/** What is written down for calls of hooks, and for whatever else happens. */
const recording = (names: Array<string>) =>
  Effect.gen(function* () {
    const phases = yield* shown
    let isOn = false
    for (const phase of phases) yield* hook(phase, () => isOn && names.push(phase))
    isOn = true
    return phases
  })

/** Each event named `name` stands right between calls of hooks of these two phases. */
const isBetween = (
  names: ReadonlyArray<string>,
  name: string,
  before: ReadonlyArray<Phase.Phase>,
  after: Phase.Phase
): Effect.Effect<void, LawFailure> => {
  const others = names.flatMap((one, index) => (one === name ? [] : [index]))
  const wrong = names.findIndex((one, index) => {
    if (one !== name) return false
    const last = others.findLast((other) => other < index)
    const next = others.find((other) => other > index)
    const isLate = last !== undefined && !before.some((phase) => phase === names[last])
    return isLate || (next !== undefined && names[next] !== after)
  })
  const around = names.slice(Math.max(0, wrong - 4), wrong + 4).join(", ")
  return isTrue(wrong === -1, `${name} came out of its phase: ${around}`)
}

export const PhaseLaws = lawGroup("Phases", [
  ...Phase.all.map(calledInPhase),

  law(
    "PHASE-10",
    "the phases that a host shows come in their order, each once a turn",
    function* () {
      const names: Array<string> = []
      const phases: ReadonlyArray<string> = yield* recording(names)
      yield* turning("four turns", () => phases.length === 0 || names.length > 4 * phases.length)
      for (let call = 1; call < names.length; call++) {
        const place = phases.indexOf(names[call - 1]!)
        const expected = phases[(place + 1) % phases.length]!
        yield* equals(names[call]!, expected, `after ${names.slice(0, call).slice(-8).join(", ")}`)
      }
    }
  ),

  law(
    "PHASE-11",
    "I/O comes between the hooks of phases prepare and check",
    function* () {
      const names: Array<string> = []
      const recordingReads = changingStreams((stream) =>
        overriding(stream, {
          attach: (events) =>
            stream.attach(
              overriding(events, {
                onReadable: () => {
                  if (names.length > 0) names.push("I/O")
                  events.onReadable()
                }
              })
            )
        })
      )
      const body = Effect.gen(function* () {
        yield* recording(names)
        yield* turning("I/O", () => names.filter((name) => name === "I/O").length > 3)
        yield* isBetween(names, "I/O", ["prepare", "poll"], "check")
      })
      yield* withPorts(recordingReads, Effect.scoped(body))
    },
    { capability: showing("prepare") }
  ),

  law(
    "PHASE-12",
    "timers fire between the hooks of phases timers and pending",
    function* () {
      const names: Array<string> = []
      const body = Effect.gen(function* () {
        yield* recording(names)
        const { openTimer } = yield* EventLoop.EventLoop
        for (let time = 0; time < 4; time++) {
          const timer = yield* openTimer("10 micros")
          yield* timer.await
          yield* turning("a turn", () => true)
        }
        yield* isBetween(names, "timer", ["timers"], "pending")
      })
      const recordingTimers = withPorts(
        (ports) => ({
          ...ports,
          loop: overriding(ports.loop, {
            startTimer: (millis, callback) =>
              ports.loop.startTimer(millis, () => {
                if (names.length > 0) names.push("timer")
                callback()
              })
          })
        }),
        Effect.scoped(body)
      )
      yield* recordingTimers
      yield* isTrue(names.includes("timer"), "A timer should have fired")
    },
    { capability: showing("timers") }
  ),

  law(
    "PHASE-13",
    "hooks may close each other and themselves, and are called no more",
    function* () {
      const run = Effect.runForkWith(yield* Effect.context<never>())
      for (const phase of yield* shown) {
        const calls = [0, 0]
        let isOver = false
        const hooks: ReadonlyArray<PhaseHook.PhaseHook> = yield* Effect.forEach([0, 1], (n) =>
          hook(phase, () => {
            calls[n] = isOver ? Number.NaN : calls[n]! + 1
            if (calls[n]! < 3) return
            isOver = true
            for (const one of hooks) run(one.close)
          })
        )
        yield* turning(`phase ${phase}`, () => isOver)
        yield* settle
        yield* isTrue(Math.max(...calls) === 3, `Called ${calls.join(" and ")} times in ${phase}`)
      }
    }
  ),

  law(
    "PHASE-14",
    "a ref'd hook of phase idle keeps the loop from waiting, an unref'd one does not",
    function* () {
      const many = yield* Deferred.make<void>()
      let calls = 0
      const idle = yield* hook("idle", () => {
        if (++calls === 100) Deferred.doneUnsafe(many, Effect.void)
      })
      // Nothing happens meanwhile: only the hook makes turns.
      yield* Deferred.await(many)
      yield* idle.unref
      calls = 0
      yield* Effect.sleep("5 millis")
      yield* isTrue(calls < 50, `Unref'd, it was called ${calls} times in 5 ms`)
    },
    { capability: showing("idle") }
  )
])
