/** Damage that is not reported, and the atlas that leaves enough copies whole. */
import { describe, expect, it } from "vitest"
import type { Disk } from "../../src/disk/Disk.ts"
import { FaultAtlas } from "../../src/disk/FaultAtlas.ts"
import { contentOf, makeDisk, open, put, sync, textOf, value } from "./TestDisk.ts"

const pages = ["a", "b", "c", "d"]
const text = pages.map((page) => page.repeat(4096)).join("")

const withPages = (seed: number): Disk => {
  const disk = makeDisk({}, seed)
  put(disk, "/tmp/a", text)
  sync(disk, "/tmp/a")
  sync(disk, "/tmp")
  return disk
}

const read = (disk: Disk): Uint8Array => {
  const buffer = new Uint8Array(text.length)
  value(open(disk, "/tmp/a").read([buffer], 0))
  return buffer
}
const readAll = (disk: Disk): string => textOf(read(disk))

const difference = (found: string): ReadonlyArray<number> =>
  Array.from(text, (char, at) => (found[at] === char ? -1 : at)).filter((at) => at >= 0)

describe("bit rot", () => {
  it("turns one bit, which stays so, also after a crash, until it is written over", () => {
    const disk = withPages(1)
    disk.setFaults({ bitRot: 1000 })
    const damaged = difference(readAll(disk))
    expect(damaged).toHaveLength(1)
    const [at] = damaged
    const turned = contentOf(disk, "/tmp/a")!.charCodeAt(at!) ^ text.charCodeAt(at!)
    expect(Math.log2(turned) % 1).toBe(0)
    disk.setFaults({})
    expect(difference(readAll(disk))).toEqual(damaged)
    disk.crash("all")
    expect(difference(readAll(disk))).toEqual(damaged)
    put(disk, "/tmp/a", text)
    expect(difference(readAll(disk))).toEqual([])
  })
})

describe("a misdirected transfer", () => {
  it("of a read gives another page, once", () => {
    const disk = withPages(1)
    const file = open(disk, "/tmp/a")
    const buffer = new Uint8Array(10)
    const read = () => {
      value(file.read([buffer], 4096 + 7))
      return textOf(buffer)
    }
    disk.setFaults({ misdirectedReads: 1000 })
    expect(["a", "c", "d"].map((page) => page.repeat(10))).toContain(read())
    disk.setFaults({})
    expect(read()).toBe("b".repeat(10))
  })

  it("of a write shows when the power is lost, and nothing else does", () => {
    const disk = withPages(1)
    disk.setFaults({ misdirectedWrites: 1000 })
    put(disk, "/tmp/a", "X".repeat(4096), 4096)
    const intended = text.replace("b".repeat(4096), "X".repeat(4096))
    expect(readAll(disk) === intended).toBe(true)
    sync(disk, "/tmp/a")
    disk.crash("all")
    const found = readAll(disk)
    expect(found.slice(4096, 8192) === "b".repeat(4096)).toBe(true)
    expect(difference(found)).toHaveLength(4096)
  })
})

describe("an atlas", () => {
  it("leaves every region whole on enough of the disks that share it", () => {
    for (let seed = 0; seed < 5; seed++) {
      const atlas = new FaultAtlas({ damagedMax: 1, regionBytes: 4096 })
      const disks = [0, 1, 2].map((number) => withPages(seed * 3 + number))
      for (const disk of disks) {
        disk.atlas = atlas
        disk.setFaults({ bitRot: 1000 })
        for (let time = 0; time < 10; time++) read(disk)
      }
      const found = disks.map((disk) => contentOf(disk, "/tmp/a")!)
      expect(found.some((content) => content !== text)).toBe(true)
      for (const [index, page] of pages.entries()) {
        const whole = found.filter(
          (content) => content.slice(index * 4096, (index + 1) * 4096) === page.repeat(4096)
        )
        expect(whole.length).toBeGreaterThanOrEqual(2)
      }
    }
  })

  it("that allows no damage leaves everything whole", () => {
    const disk = withPages(1)
    disk.atlas = new FaultAtlas({ damagedMax: 0 })
    disk.setFaults({ bitRot: 1000, misdirectedReads: 1000, misdirectedWrites: 1000 })
    put(disk, "/tmp/a", text)
    sync(disk, "/tmp/a")
    disk.crash("all")
    expect(readAll(disk) === text).toBe(true)
  })
})
