import { Explore } from "@portico/sim"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { ProgressLine } from "../../vitest/src/ProgressLine.ts"

const report = Explore.exploreSync(Effect.void, { runs: 4, strategy: "production" })

const watch = (isTTY: boolean) => {
  const written: Array<string> = []
  let now = 0
  const output = { isTTY, write: (text: string) => written.push(text) }
  const line = new ProgressLine(output, 100, () => now)
  for (now of [0, 1_000, 2_000, 2_500, 3_000]) line.tell(report)
  line.end()
  return written
}

it("a line of progress is told from the third second on, once a second, and taken away", () => {
  const line = (rate: number) => `4 of 100 runs, ${rate} a second, 1 distinct, 0 virtual seconds`
  expect(watch(true).map((text) => text.replace("\r\u001b[K", ""))).toEqual([line(2), line(1), ""])
})

it("nothing is told where there is no terminal", () => {
  expect(watch(false)).toEqual([])
})
