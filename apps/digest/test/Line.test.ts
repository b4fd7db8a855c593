import { describe, expect, it } from "vitest"
import * as Line from "../src/Line.ts"

const hex = "0123456789abcdef".repeat(4)

describe("a line of sha256sum", () => {
  it.for([
    ["plain.txt", `${hex}  plain.txt`],
    [" spaces  everywhere ", `${hex}   spaces  everywhere `],
    ["back\\slash", `\\${hex}  back\\\\slash`],
    ["two\nlines\r", `\\${hex}  two\\nlines\\r`],
    ["\\n", `\\${hex}  \\\\n`],
    ["grün", `${hex}  grün`]
  ])("%j is %j, and back", ([path, text]) => {
    expect(Line.format({ hex, path: path! })).toBe(text)
    expect(Line.parse(text!)).toStrictEqual({ hex, path })
  })

  it("takes the mark of binary mode, and capital digits", () => {
    expect(Line.parse(`${hex.toUpperCase()} *a`)).toStrictEqual({ hex, path: "a" })
  })

  it.for(["", "a", `${hex}`, `${hex}  `, `${hex} a`, `${hex.slice(1)}  a`, `\\${hex}  a\\x`])(
    "%j is none",
    (text) => expect(Line.parse(text)).toBeUndefined()
  )
})
