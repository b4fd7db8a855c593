/** Random programs on a disk and on the reference: the same files, before and after crashes. */
import { describe, expect, it } from "vitest"
import type { Disk } from "../../src/disk/Disk.ts"
import { Prng } from "../../src/Prng.ts"
import { drawStep, Reference, type ReferenceFile, type ReferenceStep } from "./Reference.ts"
import { append, contentOf, done, list, makeDisk, Names, open, put, sync } from "./TestDisk.ts"

const at = (name: string) => `/tmp/${name}`

const perform = (disk: Disk, step: ReferenceStep): void => {
  switch (step.do) {
    case "write":
      return put(disk, at(step.name), step.text, step.at)
    case "append":
      return append(disk, at(step.name), step.text)
    case "truncate": {
      const file = open(disk, at(step.name))
      done(file.truncate(step.bytes))
      return file.close()
    }
    case "sync":
      if (list(disk, "/tmp").includes(step.name)) sync(disk, at(step.name))
      return
    case "syncFolder":
      return sync(disk, "/tmp")
    case "unlink":
      Names.unlink(disk, at(step.name))
      return
    case "rename":
      Names.rename(disk, at(step.name), at(step.to))
      return
    case "link":
      Names.link(disk, at(step.name), at(step.to))
  }
}

const runBoth = (seed: number) => {
  const draws = new Prng(seed, 0)
  const disk = makeDisk({}, seed)
  const reference = new Reference()
  for (let count = 0; count < 30; count++) {
    const step = drawStep(draws)
    perform(disk, step)
    reference.apply(step)
  }
  return { disk, reference }
}

const found = (disk: Disk) =>
  list(disk, "/tmp").map((name) => [name, contentOf(disk, at(name))] as const)
const expected = (
  names: ReadonlyMap<string, ReferenceFile>,
  view: "text" | "durable"
): ReadonlyArray<readonly [string, string]> =>
  [...names].map(([name, file]) => [name, file[view]] as const).sort(([a], [b]) => (a < b ? -1 : 1))

const seeds = Array.from({ length: 60 }, (_, seed) => seed)

/** Why a content cannot be what any subset of the writes to the file leaves. */
const isLegal = (content: string, file: ReferenceFile): boolean =>
  content.split("").every((char, at) => char === "\0" || file.ever[at]?.includes(char) === true)

describe("random programs leave the same files as on the reference", () => {
  it("in memory, and when a crash loses nothing", () => {
    for (const seed of seeds) {
      const { disk, reference } = runBoth(seed)
      expect([seed, found(disk)]).toEqual([seed, expected(reference.names, "text")])
      disk.crash("none")
      expect([seed, found(disk)]).toEqual([seed, expected(reference.names, "text")])
    }
  })

  it("when a crash loses all that is not durable", () => {
    for (const seed of seeds) {
      const { disk, reference } = runBoth(seed)
      disk.crash("all")
      expect([seed, found(disk)]).toEqual([seed, expected(reference.durableNames, "durable")])
    }
  })
})

describe.each(["random", "prefix", "reorderedWithinFlush"] as const)("a crash: %s", (mode) => {
  it("leaves alone what was synced, and makes nothing up", () => {
    for (const seed of seeds) {
      const { disk, reference } = runBoth(seed)
      disk.crash(mode)
      for (const [name, file] of reference.names) {
        if (reference.touched.has(name) || file.isDirty) continue
        expect([seed, name, contentOf(disk, at(name))]).toEqual([seed, name, file.durable])
      }
      for (const [name, content] of found(disk)) {
        const isKnown = reference.files.some((file) => isLegal(content!, file))
        expect([seed, name, isKnown]).toEqual([seed, name, true])
      }
    }
  })
})
