import { History, type Models } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { expect, it } from "vitest"

type Register = History.History<Models.RegisterInput, Models.Value>

const endOf = async (
  operation: Effect.Effect<boolean, "refused" | "timed out">,
  isInterrupted = false
) => {
  const history: Register = new History.History()
  const recorded = History.record(history, "c", { op: "write", value: 1 }, operation, {
    isRefusal: (error) => error === "refused"
  })
  const interrupted = Effect.flatMap(
    Effect.forkChild(recorded, { startImmediately: true }),
    Fiber.interrupt
  )
  const program = isInterrupted ? interrupted : Effect.asVoid(recorded)
  const exit = await Effect.runPromise(Effect.exit(program))
  return [exit._tag, history.operations.map(({ output, returned }) => [output, returned])]
}

it("what succeeds has returned", async () => {
  expect(await endOf(Effect.succeed(true))).toEqual(["Success", [[true, 1]]])
})

it("what fails, dies or is interrupted may have been done", async () => {
  const unknown = [[undefined, Infinity]]
  expect(await endOf(Effect.fail("timed out"))).toEqual(["Failure", unknown])
  expect(await endOf(Effect.die("bug"))).toEqual(["Failure", unknown])
  expect(await endOf(Effect.never, true)).toEqual(["Success", unknown])
})

it("what was refused was not done", async () => {
  expect(await endOf(Effect.fail("refused"))).toEqual(["Failure", []])
})

it("each run of an effect is an operation of its own", async () => {
  const history: Register = new History.History()
  const read = History.record(history, "c", { op: "read" }, Effect.succeed(0))
  await Effect.runPromise(Effect.andThen(read, read))
  expect(history.operations.map(({ called }) => called)).toEqual([0, 2])
})
