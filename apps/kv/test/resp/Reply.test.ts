import { describe, expect, it } from "vitest"
import { bytesOf } from "../../src/resp/Ascii.ts"
import type { Reply } from "./Reply.ts"
import { MalformedReply, ReplyParser } from "./ReplyParser.ts"
import { ReplyTooLong, ReplyWriter } from "../../src/resp/ReplyWriter.ts"

const parse = (bytes: Uint8Array): Reply | undefined =>
  new ReplyParser({ lineBytesMax: 64, bulkBytesMax: 64, itemsMax: 16, depthMax: 3 }).parse(
    bytes,
    0,
    bytes.length
  )

const written = (protocol: 2 | 3, write: (writer: ReplyWriter) => void) => {
  const writer = new ReplyWriter(1_000)
  writer.protocol = protocol
  writer.begin()
  write(writer)
  return writer.written
}

const bulk = (text: string): Reply => ({ _tag: "Bulk", bytes: bytesOf(text) })

describe("replies", () => {
  const cases: ReadonlyArray<readonly [(writer: ReplyWriter) => void, Reply, Reply?]> = [
    [(to) => to.ok(), { _tag: "Simple", text: "OK" }],
    [(to) => to.error("ERR a\r\nb"), { _tag: "Error", text: "ERR a  b" }],
    [(to) => to.integer(0), { _tag: "Integer", value: 0n }],
    [(to) => to.integer(999_999_999), { _tag: "Integer", value: 999_999_999n }],
    [(to) => to.integer(-42), { _tag: "Integer", value: -42n }],
    [(to) => to.integer(2n ** 63n - 1n), { _tag: "Integer", value: 2n ** 63n - 1n }],
    [(to) => to.bulk(bytesOf("abc"), 1, 3), bulk("bc")],
    [(to) => to.null(), { _tag: "Null" }],
    [(to) => to.nullArray(), { _tag: "Null" }],
    [(to) => to.text("a\r\n\u00ff"), bulk("a\r\n\u00ff")],
    [
      (to) => {
        to.map(1)
        to.text("a")
        to.integer(1)
      },
      { _tag: "Array", items: [bulk("a"), { _tag: "Integer", value: 1n }] },
      { _tag: "Map", items: [bulk("a"), { _tag: "Integer", value: 1n }] }
    ],
    [
      (to) => {
        to.push(1)
        to.text("a")
      },
      { _tag: "Array", items: [bulk("a")] },
      { _tag: "Push", items: [bulk("a")] }
    ]
  ]

  it.for(cases)("are read as they were written: %#", ([write, inTwo, inThree]) => {
    expect(parse(written(2, write))).toStrictEqual(inTwo)
    const expected = inThree ?? inTwo
    expect(parse(written(3, write))).toStrictEqual(expected)
  })

  it("come in pieces", () => {
    const bytes = written(2, (to) => {
      to.array(2)
      to.text("a")
      to.integer(1)
    })
    const ends = Array.from({ length: bytes.length }, (_, end) => end)
    expect(ends.filter((end) => parse(bytes.subarray(0, end)) !== undefined)).toStrictEqual([])
  })

  it.for([
    "@1\r\n",
    ":x\r\n",
    ":1.5\r\n",
    "$x\r\n",
    "$65\r\n",
    "*17\r\n",
    "%9\r\n",
    "$1\r\nabc\r\n",
    "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n",
    `+${"a".repeat(65)}\r\n`,
    "#x\r\n",
    ",abc\r\n"
  ])("are refused: %j", (text) => {
    expect(() => parse(bytesOf(text))).toThrow(MalformedReply)
  })

  it.for([
    [",1.5\r\n", { _tag: "Double", value: 1.5 }],
    [",-inf\r\n", { _tag: "Double", value: -Infinity }],
    ["(12345678901234567890123\r\n", { _tag: "BigNumber", text: "12345678901234567890123" }],
    ["#t\r\n", { _tag: "Boolean", value: true }],
    ["!3\r\nERR\r\n", { _tag: "Error", text: "ERR" }],
    ["=5\r\ntxt:a\r\n", bulk("a")],
    ["~1\r\n_\r\n", { _tag: "Set", items: [{ _tag: "Null" }] }]
  ] as const)("of RESP3 are known: %j", ([text, reply]) => {
    expect(parse(bytesOf(text))).toStrictEqual(reply)
  })

  it("that are too long are taken back", () => {
    const writer = new ReplyWriter(1_000)
    writer.begin()
    writer.ok()
    writer.begin()
    writer.array(100)
    expect(() => {
      for (let count = 0; count < 100; count++) writer.text("x".repeat(50))
    }).toThrow(ReplyTooLong)
    writer.rollback()
    writer.error("ERR")
    expect(writer.written).toStrictEqual(bytesOf("+OK\r\n-ERR\r\n"))
  })
})
