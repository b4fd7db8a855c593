import { describe, expect, it } from "vitest"
import * as Negotiation from "../src/wire/Negotiation.ts"
import * as Netascii from "../src/wire/Netascii.ts"
import * as Packet from "../src/wire/Packet.ts"

const text = (characters: string) => new TextEncoder().encode(characters)
const problemOf = (bytes: Uint8Array) => {
  const packet = Packet.read(bytes)
  return packet._tag === "Malformed" ? packet.problem : packet
}

describe("a packet", () => {
  it.for<Packet.Request>([
    { _tag: "Read", file: "a/b", mode: "octet", options: new Map() },
    { _tag: "Write", file: "grün", mode: "netascii", options: new Map([["blksize", "9"]]) }
  ])("of a request is read as it was written: %j", (request) =>
    expect(Packet.read(Packet.request(request))).toStrictEqual(request)
  )

  it("of every other kind is read as it was written", () => {
    const bytes = text("abc")
    expect(Packet.read(Packet.data(65_535, bytes))).toStrictEqual({
      _tag: "Data",
      block: 65_535,
      bytes
    })
    const acknowledgement = Packet.read(Packet.acknowledgement(258))
    expect(acknowledgement).toStrictEqual({ _tag: "Acknowledgement", block: 258 })
    const error = { _tag: "Error", code: 2, message: "no" }
    expect(Packet.read(Packet.error(2, "no"))).toStrictEqual(error)
    const options = new Map([["tsize", "12"]])
    expect(Packet.read(Packet.optionAcknowledgementOf(options))).toStrictEqual({
      _tag: "OptionAcknowledgement",
      options
    })
  })

  it("takes names of options and modes in any case, and the first of a name", () => {
    const bytes = text("\0\x01a\0OcTeT\0BlkSize\x0010\0blksize\x0020\0")
    const request = Packet.read(bytes) as Packet.Request
    expect(request.mode).toBe("octet")
    expect(request.options).toStrictEqual(new Map([["blksize", "10"]]))
  })

  it.for([
    ["", "Less than an operation code"],
    ["\0", "Less than an operation code"],
    ["\0\x09xx", "Operation code 9"],
    ["\x01\x01a\0octet\0", "Operation code 257"],
    ["\0\x03\0", "Less than a block number"],
    ["\0\x01a\0octet", "A string that does not end, or is no UTF-8"],
    ["\0\x01", "A request without a file"],
    ["\0\x01\0octet\0", "A request without a file"],
    ["\0\x01a\0", "A mode other than octet, netascii"],
    ["\0\x01a\0mail\0", "A mode other than octet, netascii"],
    ["\0\x01a\0octet\0blksize\0", "An option without a value"],
    [`\0\x01a\0octet\0${"x\x001\0".repeat(17)}`, "More than 16 options"],
    [`\0\x01${"a".repeat(600)}\0octet\0`, "A request of more than 512 bytes"]
  ])("%j is none: %s", ([bytes, problem]) => expect(problemOf(text(bytes!))).toBe(problem))

  it("with a name that is no UTF-8 is none", () =>
    expect(problemOf(Uint8Array.of(0, 1, 0xff, 0, ...text("octet\0")))).toContain("no UTF-8"))
})

const limits = { blockBytesMax: 1_428, windowMax: 8, timeoutSeconds: 3 }
const agree = (tag: "Read" | "Write", options: Record<string, string>, bytes?: number) =>
  Negotiation.agree(
    { _tag: tag, file: "a", mode: "octet", options: new Map(Object.entries(options)) },
    limits,
    bytes
  )

describe("an agreement", () => {
  it("without options is RFC 1350's", () =>
    expect(agree("Read", {}, 7)).toStrictEqual({
      blockBytes: 512,
      window: 1,
      timeoutSeconds: 3,
      bytesAnnounced: undefined,
      answer: new Map()
    }))

  it("takes what is in bounds, and cuts block size and window to the server's own", () => {
    const { answer, ...rest } = agree(
      "Read",
      { blksize: "65464", windowsize: "64", timeout: "9", tsize: "0", other: "1" },
      123
    )
    expect(rest).toMatchObject({ blockBytes: 1_428, window: 8, timeoutSeconds: 9 })
    expect(Object.fromEntries(answer)).toStrictEqual({
      blksize: "1428",
      windowsize: "8",
      timeout: "9",
      tsize: "123"
    })
  })

  it("hears what a writer announces", () => {
    const { answer, bytesAnnounced } = agree("Write", { tsize: "99" })
    expect(bytesAnnounced).toBe(99)
    expect(answer.get("tsize")).toBe("99")
  })

  it.for([
    { blksize: "7" },
    { blksize: "65465" },
    { blksize: "-8" },
    { blksize: "1e3" },
    { windowsize: "0" },
    { windowsize: "65536" },
    { timeout: "0" },
    { timeout: "256" },
    { tsize: "x" },
    { tsize: "" }
  ])("leaves %j out", (options) => expect(agree("Read", options, 1).answer.size).toBe(0))
})

const bytesOf = (...pieces: ReadonlyArray<Uint8Array>) => pieces.flatMap((piece) => [...piece])

describe("netascii", () => {
  it.for([
    ["", ""],
    ["a\nb", "a\r\nb"],
    ["\n\n", "\r\n\r\n"],
    ["a\rb", "a\r\0b"],
    ["\r\n", "\r\0\r\n"],
    ["\r", "\r\0"],
    ["\0", "\0"]
  ])("%j is %j on the wire, wherever it is cut", ([file, wire]) => {
    expect(bytesOf(Netascii.encode(text(file!)))).toStrictEqual([...text(wire!)])
    const bytes = text(wire!)
    for (let cut = 0; cut <= bytes.length; cut++) {
      const decoder = new Netascii.Decoder()
      const pieces = [decoder.decode(bytes.subarray(0, cut)), decoder.decode(bytes.subarray(cut))]
      expect(bytesOf(...pieces, decoder.end())).toStrictEqual([...text(file!)])
    }
  })

  it("keeps a CR that stands for nothing", () => {
    const decoder = new Netascii.Decoder()
    expect(bytesOf(decoder.decode(text("a\rb\r")), decoder.end())).toStrictEqual([
      ...text("a\rb\r")
    ])
  })
})
