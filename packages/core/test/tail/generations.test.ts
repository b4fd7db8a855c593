import type { FileStat } from "@portico/core/FileStat"
import { describe, expect, it } from "vitest"
import { inOrder, inOrderOfMoves, nextName, suffixOf } from "../../src/internal/tail/generations.ts"

const named = (name: string, createdNanos: number) => ({
  name,
  stat: { createdNanos: BigInt(createdNanos) } as FileStat
})

const sorted = (base: string, ...all: ReadonlyArray<readonly [name: string, created: number]>) =>
  all
    .map(([name, created]) => named(name, created))
    .sort(inOrder(base))
    .map(({ name }) => name)

describe("generations", () => {
  it.for([
    ["log.1", "log", "1"],
    ["log-20261122", "log", "20261122"],
    ["log.2026-11-22T10:00", "log", "2026-11-22T10:00"],
    ["app.log.12", "app.log", "12"],
    ["app.3.log", "app.log", "3"],
    ["log.1.gz", "log", undefined],
    ["log", "log", undefined],
    ["log.old", "log", undefined],
    ["login.1", "log", undefined],
    ["other.1", "log", undefined]
  ] as const)("%s of %s is %s", ([name, base, suffix]) => {
    expect(suffixOf(name, base)).toBe(suffix)
  })

  it("knows where the next rotation moves a counted name, and that a date stays", () => {
    expect(nextName("log.9", "log")).toBe("log.10")
    expect(nextName("app.9.log", "app.log")).toBe("app.10.log")
    expect(nextName("log-20261122", "log")).toBe(undefined)
    expect(nextName("log", "log")).toBe(undefined)
  })

  it("orders by birth, and those born together by their names", () => {
    expect(sorted("log", ["log.1", 3], ["log.2", 2], ["log.10", 1])).toEqual([
      "log.10",
      "log.2",
      "log.1"
    ])
    expect(sorted("log", ["log.1", 1], ["log", 1], ["log.10", 1], ["log.2", 1])).toEqual([
      "log.10",
      "log.2",
      "log.1",
      "log"
    ])
    expect(sorted("log", ["log-20261122", 1], ["log-20261121", 1])).toEqual([
      "log-20261121",
      "log-20261122"
    ])
  })

  it("looks at counted names in the order in which rotations move them", () => {
    expect(["log.10", "log.1", "log.2"].sort(inOrderOfMoves("log"))).toEqual([
      "log.1",
      "log.2",
      "log.10"
    ])
  })
})
