import { describe, expect, it } from "vitest"
import { importsOf, linesMatching, scan } from "./Source.ts"

const codeOf = (source: string) => scan(source).code

describe("scan", () => {
  it("blanks comments in both forms and keeps lines where they were", () => {
    const { code, text } = scan("a // Bun\n/* Bun\nBun */ b")
    expect(code).toBe("a       \n      \n       b")
    expect(text).toBe(code)
  })

  it("blanks the contents of strings in code only", () => {
    expect(scan("x = \"Date\" + 'Date'")).toStrictEqual({
      text: "x = \"Date\" + 'Date'",
      code: 'x = "    " + "    "'
    })
  })

  it("is not fooled by a quote in a comment or a comment in a string", () => {
    expect(codeOf("// don't\nDate")).toContain("Date")
    expect(codeOf('"//"; Date')).toContain("Date")
    expect(codeOf('"\\""; Date')).toContain("Date")
  })

  it("sees the code inside a template and not its text", () => {
    expect(codeOf("`Bun ${Date} ${`${process}`} ${{ a: 1 }} Bun`; after")).toMatch(
      /^ +Date +process +\{ a: 1 \} +; after$/
    )
  })

  it("tells a regular expression from a division", () => {
    expect(codeOf('x = /"/; Date')).toContain("Date")
    expect(codeOf('a / b; "Date" / c')).not.toContain("Date")
    expect(codeOf("x.replace(/[/`]/g, y); Date")).toContain("Date")
  })
})

describe("importsOf", () => {
  it("finds every form of import", () => {
    const source = [
      'import a from "a"',
      'import "b"',
      'import type { c } from "c"',
      'export * from "d"',
      'const e = import("e")',
      "import {",
      "  f",
      '} from "f"'
    ]
    expect(importsOf(scan(source.join("\n")))).toStrictEqual(["a", "b", "c", "d", "e", "f"])
  })

  it("ignores comments and strings", () => {
    expect(importsOf(scan('// import "a"\nx = `import "b"`'))).toStrictEqual([])
  })
})

describe("linesMatching", () => {
  it("counts lines from 1", () => {
    expect(linesMatching("a\nb\na", /a/)).toStrictEqual([1, 3])
  })
})
