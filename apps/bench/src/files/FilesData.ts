/** What the programs read: made once for a run, in a temporary folder, and removed at its end. */
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"

export const largeBytes = 2 ** 30
export const smallFiles = 10_000
const chunkBytes = 2 ** 20

let made: { readonly large: string; readonly small: string; readonly tree: string } | undefined

const makeLarge = (file: string): void => {
  const chunk = Buffer.alloc(chunkBytes)
  for (let index = 0; index < chunk.length; index++) chunk[index] = (index * 31) & 255
  const descriptor = fs.openSync(file, "w")
  for (let bytes = 0; bytes < largeBytes; bytes += chunkBytes) fs.writeSync(descriptor, chunk)
  fs.closeSync(descriptor)
}

const makeSmall = (folder: string): void => {
  fs.mkdirSync(folder)
  const content = Buffer.alloc(1024, "x")
  for (let index = 0; index < smallFiles; index++) {
    fs.writeFileSync(path.join(folder, String(index)), content)
  }
}

/** 100 folders with 5 below each, and 20 files in each of those. */
const makeTree = (folder: string): void => {
  for (let upper = 0; upper < 100; upper++) {
    for (let lower = 0; lower < 5; lower++) {
      const inner = path.join(folder, String(upper), String(lower))
      fs.mkdirSync(inner, { recursive: true })
      for (let file = 0; file < 20; file++) fs.writeFileSync(path.join(inner, String(file)), "")
    }
  }
}

export const prepare = () => {
  if (made !== undefined) return made
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "portico-bench-"))
  process.once("exit", () => fs.rmSync(root, { recursive: true, force: true }))
  made = {
    large: path.join(root, "large"),
    small: path.join(root, "small"),
    tree: path.join(root, "tree")
  }
  makeLarge(made.large)
  makeSmall(made.small)
  makeTree(made.tree)
  return made
}
