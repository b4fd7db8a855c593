/** The checks can fail: each of these disks has one line changed, and a check says so. */
import * as fs from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { DiskCheck } from "./DiskChecks.ts"
import { type DiskMutant, diskMutants } from "./DiskMutants.ts"

const packageFolder = fileURLToPath(new URL("../..", import.meta.url))
const copied = ["src/disk", "src/kernel/Errno.ts", "src/Prng.ts", "test/disk", "package.json"]

let folder = ""
beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "portico-mutants-"))
  // What the copies import is found as from the package.
  fs.symlinkSync(join(packageFolder, "node_modules"), join(folder, "node_modules"))
})
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

/** Copies what the checks need, with the change. */
const mutate = ({ file, from, to }: DiskMutant, target: string): void => {
  for (const name of copied) {
    fs.mkdirSync(dirname(join(target, name)), { recursive: true })
    fs.cpSync(join(packageFolder, name), join(target, name), { recursive: true })
  }
  const path = join(target, "src/disk", file)
  const parts = fs.readFileSync(path, "utf8").split(from)
  if (parts.length !== 2) throw new Error(`${file} has it ${parts.length - 1} times: ${from}`)
  fs.writeFileSync(path, parts.join(to))
}

const checksIn = async (target: string): Promise<ReadonlyArray<DiskCheck>> => {
  const module = pathToFileURL(join(target, "test/disk/DiskChecks.ts")).href
  const { diskChecks } = (await import(/* @vite-ignore */ module)) as {
    readonly diskChecks: ReadonlyArray<DiskCheck>
  }
  return diskChecks
}

const fails = ({ check }: DiskCheck): boolean => {
  try {
    check()
    return false
  } catch {
    return true
  }
}

it.each(diskMutants)("a disk that $name: $caughtBy", async (mutant) => {
  const target = join(folder, String(diskMutants.indexOf(mutant)))
  mutate(mutant, target)
  const caught = (await checksIn(target)).find(({ name }) => name === mutant.caughtBy)
  if (caught === undefined) throw new Error(`No such check: ${mutant.caughtBy}`)
  expect(fails(caught)).toBe(true)
})
