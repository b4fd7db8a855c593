/**
 * The laws of `networkLaws` can fail: each of these kernels has one line wrong, and a law notices.
 * A mutant is a copy of the sources, changed, so this needs a host's files: Node's.
 */
import * as Fs from "node:fs/promises"
import * as Os from "node:os"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, it } from "vitest"
import { laws } from "./networkLaws.ts"
import { type KernelMutant, mutants } from "./networkMutants.ts"

const packageFolder = fileURLToPath(new URL("../..", import.meta.url))
let folder = ""

beforeAll(async () => {
  folder = await Fs.mkdtemp(Path.join(Os.tmpdir(), "kernel-mutants-"))
})

afterAll(() => Fs.rm(folder, { recursive: true }))

/** The laws over a kernel with one line changed. */
const lawsOf = async ({ file, from, to }: KernelMutant, index: number): Promise<typeof laws> => {
  const copy = Path.join(folder, String(index))
  await Fs.cp(Path.join(packageFolder, "src"), Path.join(copy, "src"), { recursive: true })
  await Fs.cp(Path.join(packageFolder, "test/kernel"), Path.join(copy, "test/kernel"), {
    recursive: true
  })
  await Fs.symlink(Path.join(packageFolder, "node_modules"), Path.join(copy, "node_modules"))
  await Fs.copyFile(Path.join(packageFolder, "package.json"), Path.join(copy, "package.json"))
  const path = Path.join(copy, "src/kernel", file)
  const source = await Fs.readFile(path, "utf8")
  expect(source.split(from), `places of: ${from}`).toHaveLength(2)
  await Fs.writeFile(
    path,
    source.replace(from, () => to)
  )
  const module = (await import(Path.join(copy, "test/kernel/networkLaws.ts"))) as {
    readonly laws: typeof laws
  }
  return module.laws
}

it.each([...mutants.entries()])("%i: a kernel is caught", async (index, mutant) => {
  const mutated = await lawsOf(mutant, index)
  expect(mutated[mutant.caughtBy], mutant.caughtBy).toBeDefined()
  expect(() => mutated[mutant.caughtBy]!(), `a kernel that ${mutant.name}`).toThrow()
})
