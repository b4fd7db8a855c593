/** The order in which counted names are looked at, and where it stops. */
import { expect, it } from "vitest"
import { CountedWalk } from "../../src/internal/tail/CountedWalk.ts"

/** The names it asks for, where only `there` lead anywhere. */
const asked = (names: ReadonlyArray<string>, there: ReadonlyArray<string>) => {
  const walk = new CountedWalk(names, "log")
  const all: Array<string> = []
  for (let name = walk.next(false); name !== undefined;) {
    all.push(name)
    name = walk.next(there.includes(name))
  }
  return { all, moved: walk.moved }
}

it("asks for all that were listed, and for two names behind the last", () => {
  const names = ["log.1", "log.2"]
  expect(asked(names, names)).toEqual({ all: ["log.1", "log.2", "log.3", "log.4"], moved: 0 })
})

it("follows a file behind the last one that was listed", () => {
  const { all } = asked(["log.1"], ["log.2", "log.3"])
  expect(all).toEqual(["log.1", "log.2", "log.3", "log.4", "log.5"])
})

it("looks into a gap, where a file may have been renamed to, and counts what has left", () => {
  const { all, moved } = asked(["log.1", "log.3", "log.9"], ["log.1", "log.4", "log.9"])
  const between = ["log.1", "log.2", "log.3", "log.4", "log.5", "log.6"]
  expect(all).toEqual([...between, "log.9", "log.10", "log.11"])
  expect(moved).toBe(1)
})

it("asks for 32 names in a row that were not listed, and no more", () => {
  const { all } = asked(
    ["log.1"],
    Array.from({ length: 99 }, (_, index) => `log.${index + 1}`)
  )
  expect(all.length).toBe(33)
})

it("asks for nothing where nothing was listed", () => {
  expect(asked([], [])).toEqual({ all: [], moved: 0 })
})
