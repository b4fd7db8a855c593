/**
 * The laws of `networkLaws` can fail: each of these kernels has one line wrong, and a law notices.
 * A mutant is a copy of the sources, changed, so this needs a host's files: Node's.
 */
import * as Fs from "node:fs/promises"
import * as Os from "node:os"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { laws } from "./networkLaws.ts"
import { type KernelMutant, mutants } from "./networkMutants.ts"

const packageFolder = fileURLToPath(new URL("../..", import.meta.url))
let folder = ""

/** The kernel, what it stands on, and its laws. */
const copied = [
  "src/kernel",
  "src/disk",
  "src/hosts/Wire.ts",
  "src/loop/EventQueue.ts",
  "src/Prng.ts",
  "src/loop/Strand.ts",
  "test/kernel"
]

beforeAll(async () => {
  folder = await Fs.mkdtemp(Path.join(Os.tmpdir(), "kernel-mutants-"))
})

afterAll(() => Fs.rm(folder, { recursive: true }))

/** The laws over a kernel with one line changed. */
const lawsOf = async ({ file, from, to }: KernelMutant, index: number): Promise<typeof laws> => {
  const copy = Path.join(folder, String(index))
  for (const name of copied) {
    await Fs.cp(Path.join(packageFolder, name), Path.join(copy, name), { recursive: true })
  }
  await Fs.symlink(Path.join(packageFolder, "node_modules"), Path.join(copy, "node_modules"))
  await Fs.copyFile(Path.join(packageFolder, "package.json"), Path.join(copy, "package.json"))
  const path = Path.join(copy, "src/kernel", file)
  const source = await Fs.readFile(path, "utf8")
  if (source.split(from).length !== 2) throw new Error(`${file} does not have it once: ${from}`)
  await Fs.writeFile(
    path,
    source.replace(from, () => to)
  )
  const module = (await import(Path.join(copy, "test/kernel/networkLaws.ts"))) as {
    readonly laws: typeof laws
  }
  return module.laws
}

/** What the law says of that kernel; empty if it finds nothing wrong. */
const verdict = (law: (() => void) | undefined): string => {
  if (law === undefined) return ""
  try {
    law()
    return ""
  } catch (error) {
    return String(error)
  }
}

it.each(mutants.map((mutant, index) => ({ ...mutant, index })))(
  "a kernel that $name is caught by: $caughtBy",
  // Some thirty files are read, and translated, anew.
  { timeout: 90_000 },
  async (mutant) => {
    const mutated = await lawsOf(mutant, mutant.index)
    expect(Object.keys(mutated)).toContain(mutant.caughtBy)
    expect(verdict(mutated[mutant.caughtBy])).not.toBe("")
  }
)
