import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { writePage } from "../../vitest/src/Corpus.ts"

const folder = mkdtempSync(join(tmpdir(), "corpus-"))
afterAll(() => rmSync(folder, { recursive: true }))

it("a run is drawn beside the file that repeats it", () => {
  const page = writePage(join(folder, "counts-2.simreplay"), [], { title: "counts, seed 2" })
  expect(page).toBe(join(folder, "counts-2.html"))
  expect(readFileSync(page!, "utf8")).toContain("<title>counts, seed 2</title>")
})

it("a folder that cannot be written to gets no page, and that is no failure", () => {
  expect(writePage(join(folder, "missing", "a.simreplay"), [], { title: "" })).toBeUndefined()
  expect(writePage(undefined, [], { title: "" })).toBeUndefined()
})
