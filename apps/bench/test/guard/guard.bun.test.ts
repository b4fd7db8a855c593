/** The same on Bun, which does not count what was ever allocated. */
import { BunBackend } from "@portico/bun"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { count, type Echo } from "./Counts.ts"
import { echoes } from "./Echoes.ts"
import { exceeded } from "./Guard.ts"

/** So busy may the machine be. */
const timeout = 60_000

const found = async (echo: Echo, messages: number) => {
  const counts = await Effect.runPromise(Effect.provide(count(echo, messages), BunBackend.layer))
  return exceeded(counts, ["callbacks", "tasks", "turns"])
}

it("an echo on Bun is one callback, no task and no turn", { timeout }, async () => {
  expect(await found(echoes.plain, 200)).toStrictEqual([])
})

it.each([
  ["a hop through the run queue", "tasks"],
  ["a fiber for each message", "tasks"],
  ["a promise for each message", "callbacks"]
] as const)("the guard sees %s", { timeout }, async (name, expected) => {
  expect(await found(echoes[name], 200)).toContain(expected)
})
