import * as Equal from "effect/Equal"
import * as Dns from "effect/net/Dns"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import type { DnsFormatError } from "../../src/dns/DnsFormatError.ts"
import * as DnsMessage from "../../src/dns/DnsMessage.ts"
import * as RecordCode from "../../src/dns/RecordCode.ts"
import { opaque } from "../../src/dns/RecordData.ts"
import { drawMessage } from "./DrawnMessage.ts"
import { SeededDraws } from "../SeededDraws.ts"

const encoded = (message: DnsMessage.DnsMessage, atMost?: number): Uint8Array =>
  Result.getOrThrow(DnsMessage.encode(message, atMost))

const decoded = (bytes: Uint8Array): DnsMessage.DnsMessage =>
  Result.getOrThrow(DnsMessage.decode(bytes))

const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.replaceAll(/\s/g, "").match(/../g) ?? [], (pair) => parseInt(pair, 16))

/** A response's header with one answer. */
const oneAnswer = "0007 8180 0000 0001 0000 0000"

const failure = (bytes: Uint8Array): DnsFormatError =>
  Result.match(DnsMessage.decode(bytes), {
    onSuccess: (message) => expect.fail(`Was taken: ${JSON.stringify(message)}`),
    onFailure: (error) => error
  })

describe("round trips", () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    "of 50 drawn messages, seed %s",
    (seed) => {
      const draws = new SeededDraws(seed)
      for (let count = 0; count < 50; count++) {
        const message = drawMessage(draws)
        expect(decoded(encoded(message))).toStrictEqual(message)
      }
    }
  )

  it("give each record type its own fields", () => {
    const draws = new SeededDraws(1)
    const seen = new Set<string>()
    for (let count = 0; count < 300; count++) {
      for (const { data } of drawMessage(draws).answers) seen.add(data._tag)
    }
    expect([...seen].toSorted()).toEqual([...Dns.recordTypes, "Opaque"].toSorted())
  })
})

describe("what the wire says", () => {
  it("is read as RFC 1035 writes it: a response of a real server", () => {
    const message = decoded(
      hex(`b3a1 8180 0001 0002 0000 0001
        03777777 076578616d706c65 03636f6d 00 0001 0001
        c00c 0005 0001 00000e10 0004 0161 c010
        c02d 0001 0001 0000012c 0004 5db8d822
        00 0029 04d0 0000 0000 0000`)
    )
    expect(message.questions).toEqual([{ name: "www.example.com.", type: 1, class: 1 }])
    expect(message.answers.map(({ name, ttlSeconds }) => [name, ttlSeconds])).toEqual([
      ["www.example.com.", 3600],
      ["a.example.com.", 300]
    ])
    expect(
      message.answers.map(({ data }) => Dns.isDnsRecord(data) && Dns.formatRecord(data))
    ).toEqual(["CNAME a.example.com.", "A 93.184.216.34"])
    expect(message.edns).toEqual({ udpBytesMax: 1232, version: 0, dnssecOk: false, options: [] })
    expect(message).toMatchObject({ id: 0xb3a1, isResponse: true, responseCode: 0 })
  })

  it("keeps the strings of a TXT record apart", () => {
    const [record] = decoded(hex(`${oneAnswer} 00 0010 0001 00000000 0007 026869 03796f75`)).answers
    expect(record?.data).toMatchObject({ _tag: "TXT", chunks: ["hi", "you"] })
  })

  it("counts a TTL with its highest bit set as none (RFC 2181)", () => {
    const [record] = decoded(hex(`${oneAnswer} 00 0001 0001 80000001 0004 7f000001`)).answers
    expect(record?.ttlSeconds).toBe(0)
  })

  it("takes a compressed SRV target, and writes none", () => {
    const name = "0161 026578 00"
    const bytes = hex(`${oneAnswer} ${name} 0021 0001 00000001 0008 0001 0002 0003 c00c`)
    const message = decoded(bytes)
    expect(message.answers[0]?.data).toMatchObject({ target: "a.ex." })
    expect(encoded(message)).toHaveLength(bytes.length - 2 + 6)
  })

  it("adds the high bits of the response code from the OPT record", () => {
    const message = DnsMessage.make({
      id: 1,
      responseCode: 16,
      edns: { udpBytesMax: 1232, version: 0, dnssecOk: true, options: [] }
    })
    expect(decoded(encoded(message)).responseCode).toBe(16)
  })
})

describe("records that effect/net/Dns cannot hold", () => {
  it("stay as bytes with their names decompressed: an MX for what is no host name", () => {
    const [record] = decoded(
      hex(`${oneAnswer} 022d61 00 000f 0001 00000005 0004 000a c00c`)
    ).answers
    expect(record?.data).toEqual(opaque(15, hex("000a 022d61 00")))
  })

  it("stay as bytes that point nowhere: both names of a SOA", () => {
    const soa = "c00c c00c 00000001 00000002 00000003 00000004 00000005"
    const message = decoded(hex(`${oneAnswer} 022d61 00 0006 0001 00000005 0018 ${soa}`))
    const bytes = hex(`022d61 00 022d61 00 ${soa.slice(10)}`)
    expect(message.answers[0]?.data).toEqual(opaque(6, bytes))
  })

  it.each([
    ["of a type without a layout", "ff01", "0001", "c0ff"],
    ["of another class", "0001", "0003", "c0ff"],
    ["a TXT without a string", "0010", "0001", ""]
  ])("stay as they are: %s", (_, type, recordClass, bytes) => {
    const length = (bytes.length / 2).toString(16).padStart(4, "0")
    const [record] = decoded(
      hex(`${oneAnswer} 00 ${type} ${recordClass} 00000005 ${length} ${bytes}`)
    ).answers
    expect(record?.data).toEqual(opaque(parseInt(type, 16), hex(bytes)))
  })
})

describe("a malformed message fails, and says what and where", () => {
  const a = (bytes: string) => `${oneAnswer} 00 0001 0001 00000001 ${bytes}`
  it.each([
    ["a header cut short", "0007 81", "EndOfMessage", "header", 2],
    ["counts without records", "0007 8180 ffff ffff ffff ffff", "EndOfMessage", "question 1", 12],
    ["data longer than its fields", a("0005 7f00000100"), "LeftoverData", "answer 1 A", 27],
    ["data shorter than its fields", a("0003 7f000001"), "EndOfData", "answer 1 A", 23],
    ["data beyond the end", a("0004 7f0000"), "EndOfMessage", "answer 1 A", 23],
    ["bytes after the last record", a("0004 7f000001 00"), "TrailingBytes", "end", 27],
    ["a pointer to itself", `${oneAnswer} c00c`, "ForwardPointer", "answer 1", 12],
    ["a pointer ahead", `${oneAnswer} c0ff`, "ForwardPointer", "answer 1", 12],
    ["a loop of two pointers", `${oneAnswer} 0161 c00c`, "ForwardPointer", "answer 1", 14],
    ["a label of a reserved kind", `${oneAnswer} 80`, "UnknownLabel", "answer 1", 12],
    ["a label beyond the end", `${oneAnswer} 0361`, "EndOfMessage", "answer 1", 13],
    [
      "a name that leaves its record's data",
      `${oneAnswer} 00 000f 0001 00000001 0003 0001 01 61 00`,
      "EndOfData",
      "answer 1 MX",
      26
    ],
    ["an OPT record among the answers", `${oneAnswer} 00 0029 04d0`, "OptElsewhere", "answer 1", 15]
  ])("%s", (_, text, problem, where, offset) => {
    expect(failure(hex(text))).toMatchObject({ problem, where, offset })
  })

  it("a name of 256 bytes", () => {
    const label = `3f${"61".repeat(63)}`
    expect(failure(hex(`${oneAnswer} ${label.repeat(4)}00`)).problem).toBe("NameTooLong")
    expect(failure(hex(`${oneAnswer} ${label.repeat(3)} 3d${"61".repeat(61)}00`)).problem).toBe(
      "EndOfMessage"
    )
  })

  it("two OPT records", () => {
    const opt = "00 0029 04d0 0000 0000 0000"
    expect(failure(hex(`0007 8180 0000 0000 0000 0002 ${opt} ${opt}`)).problem).toBe("SecondOpt")
  })

  it("more than 65,535 bytes", () => {
    expect(failure(new Uint8Array(65_536)).problem).toBe("MessageTooLong")
  })

  it("in a sentence for people", () => {
    expect(failure(hex(`${oneAnswer} c00c`)).message).toBe(
      "DNS message, answer 1, byte 12: a compression pointer does not point backwards"
    )
  })
})

describe("encode", () => {
  const question = { name: "example.com.", type: RecordCode.of("TXT"), class: 1 }
  const answer = {
    name: "example.com.",
    class: 1,
    ttlSeconds: 60,
    data: Dns.makeRecordUnsafe("TXT", { chunks: ["x".repeat(100)] })
  }
  const edns = { udpBytesMax: 1232, version: 0, dnssecOk: false, options: [] }
  const answers = Array.from({ length: 10 }, () => answer)
  const message = DnsMessage.make({ id: 9, questions: [question], answers, edns })

  it.each([100, 512, 1100])("cuts between records, keeps OPT, and sets TC, at %s", (atMost) => {
    const bytes = encoded(message, atMost)
    expect(bytes.length).toBeLessThanOrEqual(atMost)
    const cut = decoded(bytes)
    expect(cut).toMatchObject({ isTruncated: true, questions: [question], edns })
    expect(cut.answers).toEqual(answers.slice(0, Math.floor((atMost - 12 - 17 - 11) / 113)))
  })

  it("cuts nothing that fits exactly", () => {
    const whole = encoded(message)
    expect(encoded(message, whole.length)).toEqual(whole)
    expect(decoded(whole).isTruncated).toBe(false)
    expect(decoded(encoded(message, whole.length - 1)).isTruncated).toBe(true)
  })

  it("leaves no name to point at behind a record that was cut", () => {
    const long = { ...answer, name: "long.example.", data: opaque(65_280, new Uint8Array(400)) }
    const cut = encoded(DnsMessage.make({ id: 1, answers: [answer, long, answer] }), 300)
    expect(decoded(cut).answers).toEqual([answer])
  })

  it.each([
    ["an empty label", { name: "a..b." }, "EmptyLabel"],
    ["an empty name", { name: "" }, "EmptyLabel"],
    ["a label of 64 bytes", { name: `${"x".repeat(64)}.` }, "LabelTooLong"],
    ["a name of 256 bytes", { name: `${"x.".repeat(127)}y.` }, "NameTooLong"],
    ["an escape without a value", { name: "\\256.a." }, "BadEscape"],
    ["an escape at the end", { name: "a\\" }, "BadEscape"],
    ["a type beyond 16 bits", { type: 65_536 }, "ValueOutOfRange"]
  ])("refuses %s", (_, change, problem) => {
    const refused = DnsMessage.make({ id: 1, questions: [{ ...question, ...change }] })
    const error = Result.getOrThrow(Result.flip(DnsMessage.encode(refused)))
    expect(error).toMatchObject({ problem, where: "question 1" })
  })

  it("refuses a string of 256 bytes", () => {
    const data = Dns.makeRecordUnsafe("TXT", { chunks: ["x".repeat(256)] })
    const refused = DnsMessage.make({ id: 1, answers: [{ ...answer, data }] })
    expect(Result.getOrThrow(Result.flip(DnsMessage.encode(refused))).problem).toBe("StringTooLong")
  })

  it("points at names that it wrote before", () => {
    const twice = DnsMessage.make({ id: 1, questions: [question], answers: [answer] })
    expect(encoded(twice)).toHaveLength(12 + 17 + 2 + 10 + 101)
    expect(Equal.equals(decoded(encoded(twice)).answers[0]?.data, answer.data)).toBe(true)
  })
})
