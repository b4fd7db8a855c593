/** Directories that are listed at once, and those that are not; on Node and on Bun. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { listAll, listShort } from "../../src/file/listDirectory.ts"

const root = mkdtempSync(join(tmpdir(), "portico-"))
afterAll(() => rmSync(root, { recursive: true }))
mkdirSync(join(root, "folder"))
writeFileSync(join(root, "file"), "")
symlinkSync("nowhere", join(root, "link"))

const all = [
  { name: "file", kind: "file" },
  { name: "folder", kind: "directory" },
  { name: "link", kind: "symlink" }
]

type List = typeof listAll

/** The entries by name, undefined, or the code of what went wrong. */
const answerOf = (list: List, path: string): Promise<unknown> =>
  new Promise((resolve) =>
    list(path, (error, entries) =>
      resolve(
        error === null || error === undefined
          ? entries?.toSorted((one, other) => (one.name < other.name ? -1 : 1))
          : (error as NodeJS.ErrnoException).code
      )
    )
  )

it.for([
  ["listAll", listAll],
  ["listShort", listShort]
] as const)("%s gives names and kinds, and says what is in the way", async ([, list]) => {
  expect(await answerOf(list, root)).toStrictEqual(all)
  expect(await answerOf(list, join(root, "file"))).toBe("ENOTDIR")
  expect(await answerOf(list, join(root, "none"))).toBe("ENOENT")
})

// Its length says nothing of what is in it.
it.runIf(process.platform === "linux")("listShort leaves /proc to be opened", async () => {
  expect(await answerOf(listShort, "/proc/self")).toBe(undefined)
})
