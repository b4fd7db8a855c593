/** However a bind is cut short or refused, no descriptor is without an owner. */
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { bind } from "../../src/internal/udp/bind.ts"
import { PortFailure } from "../../src/port/index.ts"
import { Reason } from "../../src/Reason.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"
import { never, Stepped, steps, stepsMax } from "../scripted/StepScheduler.ts"
import { ScriptedDatagram } from "../scripted/ScriptedUdp.ts"

const scriptedBinds = () => {
  const scripted = new ScriptedPorts()
  const port = new ScriptedDatagram(scripted.host.turn)
  const asked = scripted.binds
  const isDescriptorLeft = () =>
    asked.some((one) => !one.isCancelled && (!one.isAnswered || port.closed === 0))
  return { asked, isDescriptorLeft, port, scripted }
}

it.each([false, true])("interrupted between any two steps (broadcast: %s)", (broadcast) => {
  let bound = 0
  let cancelled = 0
  for (const answer of [never, ...steps]) {
    for (const interrupt of steps) {
      const { asked, isDescriptorLeft, port, scripted } = scriptedBinds()
      const binding = bind(scripted.table, { port: 0, broadcast })
      const running = new Stepped(
        scripted.host,
        Effect.scoped(Effect.andThen(binding, Effect.never))
      )
      for (let step = 0; step <= stepsMax; step++) {
        if (answer !== never && step >= answer) {
          for (const one of asked) if (one.answer((events) => events.onBound(port))) bound++
        }
        if (step === interrupt) running.interrupt()
        running.step()
      }
      running.settle()
      const left = scripted.table.list().length + scripted.table.attempts.size
      if (left > 0 || (asked.length > 0 && isDescriptorLeft())) {
        throw new Error(`bound at ${answer}, interrupted at ${interrupt}: something is left`)
      }
      cancelled += asked.filter((one) => one.isCancelled).length
    }
  }
  expect(bound).toBeGreaterThan(0)
  expect(cancelled).toBeGreaterThan(0)
})

it("closes the socket when the host refuses an option of it", () => {
  const { asked, port, scripted } = scriptedBinds()
  port.refusal = new PortFailure(Reason.PermissionDenied())
  const binding = Effect.scoped(bind(scripted.table, { port: 0, broadcast: true }))
  const fiber = Effect.runFork(Effect.flip(binding))
  asked[0]!.answer((events) => events.onBound(port))
  scripted.host.settle()
  expect(fiber.pollUnsafe()).toMatchObject({ value: { reason: { _tag: "PermissionDenied" } } })
  expect([port.closed, scripted.table.list().length]).toEqual([1, 0])
})

it("says what it was about", () => {
  const { asked, scripted } = scriptedBinds()
  const fiber = Effect.runFork(Effect.flip(Effect.scoped(bind(scripted.table, { port: 53 }))))
  const failure = new PortFailure(Reason.PermissionDenied())
  asked[0]!.answer((events) => events.onFailed(failure))
  expect(fiber.pollUnsafe()).toMatchObject({
    value: { message: "Udp.bind udp://127.0.0.1:53: PermissionDenied" }
  })
})

it("fails with Closed when the backend shuts down meanwhile", () => {
  const { asked, scripted } = scriptedBinds()
  const fiber = Effect.runFork(Effect.flip(Effect.scoped(bind(scripted.table, { port: 0 }))))
  Effect.runFork(scripted.table.shutDown)
  expect(fiber.pollUnsafe()).toMatchObject({ value: { reason: { _tag: "Closed" } } })
  expect(asked[0]!.isCancelled).toBe(true)
})
