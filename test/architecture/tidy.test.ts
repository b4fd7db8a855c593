import { describe, expect, it, vi } from "vitest"
import { type File, type Problem, prose, sample, typescript } from "./Repository.ts"
import * as Tidy from "./TidyRules.ts"

// All sources are read, which takes a busy machine its time.
vi.setConfig({ testTimeout: 90_000 })

/** Files that may break a rule, each with the reason. Keep the list short enough to read. */
const exceptions: Record<string, ReadonlyMap<string, string>> = {
  fileLength: new Map(),
  functionLength: new Map()
}

type Rule = (file: File) => ReadonlyArray<Problem>

const problems = (name: string, rule: Rule, files: ReadonlyArray<File>) =>
  files.filter((file) => !exceptions[name]?.has(file.path)).flatMap(rule)

const repeat = (count: number, line: string) => Array.from({ length: count }, () => line)

const ts = (...lines: ReadonlyArray<string>) => sample("packages/core/src/Sample.ts", ...lines)

describe("the repository", () => {
  it("has files for the rules to read", () => {
    expect(typescript.length).toBeGreaterThan(20)
  })

  it.each([
    ["fileLength", Tidy.fileLength, typescript],
    ["functionLength", Tidy.functionLength, typescript],
    ["lineLength", Tidy.lineLength, [...typescript, ...prose]],
    ["bannedWords", Tidy.bannedWords, [...typescript, ...prose]],
    ["banners", Tidy.banners, typescript],
    ["fileName", Tidy.fileName, typescript]
  ] as const)("keeps to %s", (name, rule, files) => {
    expect(problems(name, rule, files)).toStrictEqual([])
  })

  it("lists no exception that is not needed", () => {
    const needless = Object.entries(exceptions).flatMap(([name, excepted]) =>
      [...excepted.keys()].filter((path) => {
        const file = typescript.find((candidate) => candidate.path === path)
        const rule = Reflect.get(Tidy, name) as Rule
        return file === undefined || rule(file).length === 0
      })
    )
    expect(needless).toStrictEqual([])
  })
})

describe("fileLength", () => {
  it("allows 400 lines and no more", () => {
    expect(Tidy.fileLength(ts(...repeat(400, "x")))).toHaveLength(0)
    expect(Tidy.fileLength(ts(...repeat(401, "x")))).toHaveLength(1)
  })
})

describe("lineLength", () => {
  it("allows 100 columns and no more", () => {
    expect(Tidy.lineLength(ts("x".repeat(100)))).toHaveLength(0)
    expect(Tidy.lineLength(ts("", "x".repeat(101)))).toStrictEqual([
      "packages/core/src/Sample.ts:2 has 101 columns"
    ])
  })

  it("allows a long table row and a long URL", () => {
    expect(Tidy.lineLength(ts(`| ${"x".repeat(101)} |`))).toHaveLength(0)
    expect(Tidy.lineLength(ts(`// https://${"x".repeat(101)}`))).toHaveLength(0)
  })
})

describe("functionLength", () => {
  const openings = [
    ["const f = () => {", "}"],
    ["const f = () =>", "const g = 1"],
    ["const f = () => ({", "})"],
    ["export function f(): void {", "}"],
    ["const f = Effect.gen(function* () {", "})"],
    ["): void => {", "}"]
  ] as const

  it.each(openings)("measures %s", (open, close) => {
    const closing = /^[)}]/.test(close) ? 1 : 0
    const body = Tidy.functionLinesMax - 1 - closing
    expect(Tidy.functionLength(ts(open, ...repeat(body, "  x"), close))).toHaveLength(0)
    expect(Tidy.functionLength(ts(open, ...repeat(body + 1, "  x"), close))).toHaveLength(1)
  })

  it("measures a method, and not the class around it", () => {
    const method = (lines: number) =>
      ts("class A {", "  private async f(a: B): C {", ...repeat(lines, "    x"), "  }", "}")
    expect(Tidy.functionLength(method(58))).toHaveLength(0)
    expect(Tidy.functionLength(method(59))).toHaveLength(1)
  })

  it("does not measure a suite of tests, an object or a block", () => {
    const long = repeat(100, "  x")
    expect(Tidy.functionLength(ts('describe("a", () => {', ...long, "})"))).toHaveLength(0)
    expect(Tidy.functionLength(ts("const a = {", ...long, "}"))).toHaveLength(0)
    expect(Tidy.functionLength(ts("if (a(b)) {", ...long, "}"))).toHaveLength(0)
  })
})

describe("bannedWords", () => {
  it("finds a note left behind and a test that hides others", () => {
    expect(Tidy.bannedWords(ts(`// ${"FIX"}${"ME"}: later`))).toHaveLength(1)
    expect(Tidy.bannedWords(ts(`it.${"only"}("a", () => {})`))).toHaveLength(1)
    expect(Tidy.bannedWords(ts("wait.onlyOnce()"))).toHaveLength(0)
  })
})

describe("banners", () => {
  it("finds a ruled line in a comment", () => {
    expect(Tidy.banners(ts("// ---- section ----"))).toHaveLength(1)
    expect(Tidy.banners(ts("// a -> b"))).toHaveLength(0)
  })
})

describe("fileName", () => {
  it.each(["utils.ts", "TcpHelpers.ts", "common-things.ts", "types.ts"])("refuses %s", (name) => {
    expect(Tidy.fileName(sample(`packages/core/src/${name}`))).toHaveLength(1)
  })

  it.each(["Tcp.ts", "Utility.ts", "Commonwealth.ts"])("allows %s", (name) => {
    expect(Tidy.fileName(sample(`packages/core/src/${name}`))).toHaveLength(0)
  })
})
