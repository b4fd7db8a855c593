/** A message costs no more turns, hops and memory than it has to: counted, not timed. */
import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { count, type Echo } from "./Counts.ts"
import { echoes } from "./Echoes.ts"
import { exceeded } from "./Guard.ts"

/** So busy may the machine be. */
const timeout = 60_000

const found = async (echo: Echo, messages: number) => {
  const counts = await Effect.runPromise(Effect.provide(count(echo, messages), NodeBackend.layer))
  return exceeded(counts, ["callbacks", "tasks", "turns", "heapBytes"])
}

it(
  "an echo on Node is one callback, no task, no turn, and a few objects",
  { timeout },
  async () => {
    expect(await found(echoes.plain, 1_000)).toStrictEqual([])
  }
)

it.each([
  ["a hop through the run queue", "tasks"],
  ["a fiber for each message", "tasks"],
  ["a promise for each message", "callbacks"],
  ["objects for each byte", "heapBytes"]
] as const)("the guard sees %s", { timeout }, async (name, expected) => {
  expect(await found(echoes[name], expected === "heapBytes" ? 1_000 : 200)).toContain(expected)
})
