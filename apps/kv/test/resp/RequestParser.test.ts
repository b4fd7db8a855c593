import { describe, expect, it } from "vitest"
import { bytesOf } from "../../src/resp/Ascii.ts"
import { RequestParser } from "../../src/resp/RequestParser.ts"
import { request } from "../../src/resp/RequestWriter.ts"

const limit = 1024 * 1024

/** All requests in `bytes`, which come in pieces of `pieceBytes`, and what stopped it. */
const parseAll = (bytes: Uint8Array, pieceBytes: number, requestBytesMax = limit) => {
  const parser = new RequestParser(requestBytesMax)
  const requests: Array<ReadonlyArray<string>> = []
  let start = 0
  for (
    let end = Math.min(pieceBytes, bytes.length);
    ;
    end = Math.min(end + pieceBytes, bytes.length)
  ) {
    // Elsewhere each time, as a buffer that grows would be.
    const moved = new Uint8Array(end - start + 3)
    moved.set(bytes.subarray(start, end), 3)
    for (let at = 3; ;) {
      const outcome = parser.parse(moved, at, moved.length)
      if (outcome === "Malformed") return { requests, problem: parser.problem }
      if (outcome === "Incomplete") break
      const { request: one } = parser
      requests.push(Array.from({ length: one.count }, (_, index) => one.text(index)))
      start += parser.next - at
      at = parser.next
    }
    if (end === bytes.length) return { requests, problem: undefined, left: end - start }
  }
}

const parse = (text: string, requestBytesMax?: number) =>
  parseAll(bytesOf(text), 1_000_000, requestBytesMax)

describe("requests", () => {
  it.for([1, 2, 3, 7, 1_000])("are read from pieces of %s bytes, whatever is in them", (size) => {
    const binary = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const all = [
      request("SET", "key", binary),
      request("GET", ""),
      bytesOf("ping\r\n"),
      bytesOf("*0\r\n"),
      request(...Array.from({ length: 300 }, (_, index) => index)),
      bytesOf("\r\nset 'a b' \"c\\x41\\n\"\n")
    ]
    const whole = Uint8Array.from(all.flatMap((bytes) => Array.from(bytes)))
    const { left, problem, requests } = parseAll(whole, size)
    expect(problem).toBe(undefined)
    expect(left).toBe(0)
    expect(requests).toStrictEqual([
      ["SET", "key", String.fromCharCode(...binary)],
      ["GET", ""],
      ["ping"],
      [],
      Array.from({ length: 300 }, (_, index) => String(index)),
      [],
      ["set", "a b", "cA\n"]
    ])
  })

  it.for([
    ["*1\r\n:1\r\n", "expected '$', got ':'"],
    ["*x\r\n", "invalid multibulk length"],
    ["*\r\n", "invalid multibulk length"],
    ["*1048577\r\n", "invalid multibulk length"],
    ["*999999999999999999999999\r\n", "invalid multibulk length"],
    ["*1\r\r", "invalid multibulk length"],
    ["*1\r\n$-1\r\n", "invalid bulk length"],
    ["*1\r\n$1x\r\n", "invalid bulk length"],
    ["*1\r\n$1\r\nabc\r\n", "expected a line end after a bulk string"],
    ["*2\r\n$1\r\na\r\n$2000000\r\n", "a request of more than 1048576 bytes"],
    [`${"a".repeat(70_000)}\r\n`, "too big inline request"],
    ["a".repeat(70_000), "too big inline request"],
    ['get "a\r\n', "unbalanced quotes in request"],
    ['get "a"b\r\n', "unbalanced quotes in request"]
  ])("are refused: %j", ([text, problem]) => {
    expect(parse(text!).problem).toBe(problem)
  })

  it("that are only announced take no memory", () => {
    const parser = new RequestParser(limit)
    const bytes = bytesOf("*1048576\r\n$1000000\r\n")
    expect(parser.parse(bytes, 0, bytes.length)).toBe("Incomplete")
    expect(parser.request.count).toBe(0)
  })

  it("can be kept for later", () => {
    const parser = new RequestParser(limit)
    const bytes = request("SET", "key", "value")
    parser.parse(bytes, 0, bytes.length)
    const copy = parser.request.copy()
    bytes.fill(0)
    expect([copy.text(0), copy.text(1), copy.text(2)]).toStrictEqual(["SET", "key", "value"])
    expect(copy.bytes.subarray(copy.base, copy.base + copy.wireBytes)).toStrictEqual(
      request("SET", "key", "value")
    )
  })
})
