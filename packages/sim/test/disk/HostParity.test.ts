/** The simulated disk and the host's file system give the same answers to the same programs. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Names, makeDisk } from "./TestDisk.ts"
import { DiskRunner } from "./DiskRunner.ts"
import { program, type Step } from "./FileProgram.ts"
import { HostRunner } from "./HostRunner.ts"

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "portico-disk-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// Paths lead out of the base now and then.
const nested = ["up", "up/up", "up/up/base"]

const runBoth = (seed: number, steps: ReadonlyArray<Step>) => {
  const root = join(folder, `${seed}`)
  mkdirSync(join(root, "up/up/base"), { recursive: true, mode: 0o700 })
  const user = process.getuid!()
  const disk = makeDisk({ process: { user, group: process.getgid!() } })
  for (const path of nested) Names.createDirectory(disk, `/tmp/${path}`, 0o700)
  const sim = new DiskRunner(disk, "/tmp/up/up/base")
  const host = new HostRunner(root, "up/up/base")
  try {
    for (const [index, step] of steps.entries()) {
      if (!host.hasOneAnswer(step)) continue
      const told = { seed, index, step }
      expect({ ...told, ...sim.run(step) }).toEqual({ ...told, ...host.run(step) })
    }
  } finally {
    host.closeAll()
    rmSync(root, { recursive: true, force: true })
  }
}

describe.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])("programs %#", (group) => {
  it("end as on the host, step by step", () => {
    for (let seed = group * 10; seed < group * 10 + 10; seed++) runBoth(seed, program(seed, 60))
  })
})
