import * as fs from "node:fs"
import { expect, it } from "vitest"
import { pages } from "./pages.ts"

it.each(pages)("$file.pathname is up to date: run `pnpm run docs`", ({ file, text }) => {
  expect(fs.readFileSync(file, "utf8")).toBe(text())
})
