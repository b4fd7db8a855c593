import { describe, expect, it } from "vitest"
import { toAscii } from "../../src/internal/names/Idna.ts"

/** RFC 3492 §7.1, in lower case, and names of the day. */
const samples: ReadonlyArray<readonly [unicode: string, ascii: string]> = [
  ["ليهمابتكلموشعربي؟", "xn--egbpdaj6bu4bxfgehfvwxn"],
  ["他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"],
  ["pročprostěnemluvíčesky", "xn--proprostnemluvesky-uyb24dma41a"],
  ["למההםפשוטלאמדבריםעברית", "xn--4dbcagdahymbxekheh6e0a7fei0b"],
  ["почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"],
  ["bücher.example", "xn--bcher-kva.example"],
  ["straße.example", "xn--strae-oqa.example"],
  ["faß.de", "xn--fa-hia.de"],
  ["💩.la", "xn--ls8h.la"]
]

describe("a name in Unicode", () => {
  it.each(samples)("%s is %s", (unicode, ascii) => {
    expect(toAscii(unicode)).toBe(ascii)
  })

  it("is lowered and composed first", () => {
    expect(toAscii("BÜCHER.Example")).toBe("xn--bcher-kva.example")
    expect(toAscii("bu\u0308cher.example")).toBe("xn--bcher-kva.example")
  })

  it("may have ideographic full stops", () => {
    expect(toAscii("例え。テスト")).toBe("xn--r8jz45g.xn--zckzah")
  })

  it("is what the host makes of it, label by label", () => {
    for (const name of [
      "münchen.de",
      "ñandú.example",
      "日本語.jp",
      "ελλάδα.gr",
      "παράδειγμα.test"
    ]) {
      expect(toAscii(name)).toBe(new URL(`http://${name}`).hostname)
    }
  })
})

describe("what is no name", () => {
  it("is one of labels over 63 or of more than 253 characters", () => {
    expect(toAscii(`${"a".repeat(63)}.example`)).toBe(`${"a".repeat(63)}.example`)
    expect(toAscii(`${"a".repeat(64)}.example`)).toBeUndefined()
    expect(toAscii("ü".repeat(50))).toBe(new URL(`http://${"ü".repeat(50)}`).hostname)
    expect(toAscii("日本".repeat(40))).toBeUndefined()
    expect(toAscii(Array.from({ length: 100 }, () => "abc").join("."))).toBeUndefined()
  })
})
