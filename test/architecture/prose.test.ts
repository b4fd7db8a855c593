/** What prose names is there. That its programs run is held by `test/integration`. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import * as Prose from "./ProseRules.ts"
import { paths, prose, sample, top, typescript } from "./Repository.ts"

const named: Prose.Named = {
  paths,
  pages: new Map(prose.map(({ path, text }) => [path, text])),
  scripts: new Set(Object.keys(JSON.parse(readFileSync(join(top, "package.json"), "utf8")).scripts))
}

describe("the repository", () => {
  it.each([
    ["links", Prose.links],
    ["files", Prose.files],
    ["commands", Prose.commands]
  ] as const)("has all %s that its pages name", (_, rule) => {
    expect(prose.flatMap((page) => rule(page, named))).toStrictEqual([])
  })

  it("names what tests read of the environment", () => {
    expect(typescript.flatMap((file) => Prose.settings(file, named))).toStrictEqual([])
  })
})

const here: Prose.Named = {
  paths: new Set(["docs", "docs/a.md", "apps/echo", "apps/echo/src/Program.ts"]),
  pages: new Map([["docs/a.md", "# A page\n\n## `x`: what, and why\n"]]),
  scripts: new Set(["docs", "bench"])
}

const page = (text: string) => sample("docs/b.md", text)

describe("links", () => {
  it.each(["[a](a.md)", "[a](a.md#x-what-and-why)", "[a](https://a.b/c#d)"])("allows %s", (text) =>
    expect(Prose.links(page(text), here)).toStrictEqual([])
  )

  it.each(["[a](none.md)", "[a](a.md#none)", "[a](../a.md)", "[a](#none)"])("refuses %s", (text) =>
    expect(Prose.links(page(`a\n${text}`), here)).toStrictEqual([
      expect.stringMatching(/^docs\/b.md:2 links to/)
    ])
  )
})

describe("files", () => {
  it.each(["Program.ts", "echo/src/Program.ts", "apps/echo/", "a.md", "apps/echo", "x.pem", "a/b"])(
    "allows `%s`",
    (name) => expect(Prose.files(page(`\`${name}\``), here)).toStrictEqual([])
  )

  it.each(["None.ts", "src/Program.ts", "apps/none/", "docs/none"])("refuses `%s`", (name) =>
    expect(Prose.files(page(`\`${name}\``), here)).toHaveLength(1)
  )
})

describe("commands", () => {
  it.each(["`pnpm bench`", "`pnpm run docs`", "npx -y pnpm@1.2.3 install", "with pnpm at hand"])(
    "allows %s",
    (text) => expect(Prose.commands(page(text), here)).toStrictEqual([])
  )

  it.each(["`pnpm none`", "```\npnpm run none\n```", "`pnpm docs`"])("refuses %s", (text) =>
    expect(Prose.commands(page(text), here)).toHaveLength(1)
  )
})

describe("settings", () => {
  const read = (path: string) => sample(path, `Number(process.env["${"NONE"}"] ?? 1)`)

  it("refuses a test that reads what no page names", () => {
    expect(Prose.settings(read("apps/echo/test/A.test.ts"), here)).toHaveLength(1)
    expect(Prose.settings(read("apps/echo/src/A.ts"), here)).toHaveLength(0)
  })
})
