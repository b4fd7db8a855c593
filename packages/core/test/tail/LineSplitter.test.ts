import { LineSplitter } from "@portico/core/FileLines"
import { describe, expect, it } from "vitest"

const bytes = (text: string) => new TextEncoder().encode(text)
const texts = (lines: ReadonlyArray<Uint8Array>) =>
  lines.map((line) => new TextDecoder().decode(line))

describe("LineSplitter", () => {
  it("gives the same lines however the bytes are cut", () => {
    const text = "one\n\nthree and more\nfour\n"
    for (let cut = 0; cut <= text.length; cut++) {
      const splitter = new LineSplitter()
      const lines = [
        ...splitter.push(bytes(text.slice(0, cut))),
        ...splitter.push(bytes(text.slice(cut)))
      ]
      expect(texts(lines)).toEqual(["one", "", "three and more", "four"])
      expect(splitter.end()).toEqual([])
    }
  })

  it("keeps what was begun until it ends", () => {
    const splitter = new LineSplitter()
    expect(splitter.push(bytes("be"))).toEqual([])
    expect(splitter.push(bytes("gun"))).toEqual([])
    expect(texts(splitter.end())).toEqual(["begun"])
    expect(splitter.end()).toEqual([])
  })

  it("does not keep memory that was lent to it", () => {
    const splitter = new LineSplitter()
    const lent = bytes("ab")
    splitter.push(lent)
    lent.fill(0)
    expect(texts(splitter.push(bytes("\n")))).toEqual(["ab"])
  })

  it("gives a line that is too long in pieces", () => {
    const splitter = new LineSplitter(4)
    expect(texts(splitter.push(bytes("abcdefghij\nkl")))).toEqual(["abcd", "efgh", "ij"])
    expect(texts(splitter.push(bytes("mnop\nqrst\n")))).toEqual(["klmn", "op", "qrst"])
  })

  it.each([0, -1, 1.5, Number.NaN, 64 * 1024 * 1024 + 1])(
    "takes no line of %d bytes",
    (bytesMax) => {
      expect(() => new LineSplitter(bytesMax)).toThrow(
        /^lineBytesMax must be from 1 to 67108864 bytes/
      )
    }
  )
})
