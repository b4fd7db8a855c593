import { EventLoop, ResponseCode, Tcp, Udp } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { pipelineMax } from "../src/TcpService.ts"
import * as NameServer from "./NameServer.ts"
import { a, addresses, edns, encoded, query, question, txt } from "./Wire.ts"
import { ask, client, inEveryOrder, start, tcpClient } from "./World.ts"

const { badVersion, formatError, noError, notImplemented, refused } = ResponseCode

const one = "192.0.2.1"

/** Says the same address of every name. */
const says =
  (address: string, ttlSeconds = 300): NameServer.Behaviour =>
  ({ questions: [asked] }) => ({ answers: [a(asked!.name, address, ttlSeconds)] })

const millis = Clock.currentTimeMillis

describe("an answer that is too long", () => {
  const long: NameServer.Behaviour = ({ questions: [asked] }, transport) =>
    transport === "tcp" ? { answers: [txt(asked!.name, 10)] } : { isTruncated: true }

  it("is fetched by TCP, cut off over UDP, and whole over TCP", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const upstream = yield* NameServer.serve(1053, long)
        yield* start([1053])
        const cut = yield* ask(query("big.example.", "TXT", { edns: edns() }))
        expect(cut).toMatchObject({ isTruncated: true, answers: [], responseCode: noError })
        expect(cut.questions).toStrictEqual([question("big.example.", "TXT")])
        const asking = yield* tcpClient
        yield* asking.send(query("big.example.", "TXT"))
        const whole = yield* asking.receive
        expect(whole.isTruncated).toBe(false)
        expect(whole.answers).toStrictEqual([txt("big.example.", 10)])
        expect(upstream.queries).toHaveLength(2)
      })
    ))

  it.for([
    [undefined, 512],
    [100, 512],
    [900, 900],
    [4_096, 1_232]
  ] as const)("to a client that says %s: at most %s bytes", ([said, bytesMax]) =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* NameServer.serve(1053, ({ questions: [asked] }) => ({
          answers: [txt(asked!.name, Number(asked!.name.split(".")[0]))]
        }))
        yield* start([1053])
        const asking = yield* client
        // Each string takes 201 bytes, all else less than 100.
        for (const strings of [1, 2, 3, 4, 5, 6, 7]) {
          const options = said === undefined ? {} : { edns: edns(said) }
          yield* asking.send(query(`${strings}.example.`, "TXT", options))
          const { bytes } = yield* asking.socket.receive
          expect(bytes.length).toBeLessThanOrEqual(bytesMax)
          const isCut = (bytes[2]! & 0x02) !== 0
          const isLong = strings * 201 > bytesMax
          const isShort = strings * 201 + 100 < bytesMax
          expect(isCut ? !isShort : !isLong).toBe(true)
        }
      })
    )
  )
})

describe("EDNS", () => {
  it("is answered to those who speak it, and to them alone", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* NameServer.serve(1053, says(one))
        yield* start([1053])
        expect((yield* ask(query("www.example."))).edns).toBe(undefined)
        const spoken = yield* ask(query("www.example.", "A", { edns: edns() }))
        expect(spoken.edns).toStrictEqual(edns(1_232))
        const dnssec = { ...edns(), dnssecOk: true }
        expect((yield* ask(query("www.example.", "A", { edns: dnssec }))).edns?.dnssecOk).toBe(true)
      })
    ))

  it("of another version is BADVERS", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* start([1053])
        const answer = yield* ask(query("www.example.", "A", { edns: { ...edns(), version: 1 } }))
        expect(answer.responseCode).toBe(badVersion)
        expect(answer.edns?.version).toBe(0)
      })
    ))

  it("is left out for an upstream that does not know it", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* NameServer.serve(1053, (asked, transport) =>
          asked.edns === undefined
            ? says(one)(asked, transport)
            : { responseCode: formatError, edns: undefined, questions: [] }
        )
        yield* start([1053])
        expect(addresses(yield* ask(query("www.example.")))).toStrictEqual([one])
      })
    ))
})

describe("what is no query to be answered", () => {
  const www = encoded(query("www.example."))
  const changed = (at: number, byte: number) =>
    Uint8Array.from(www, (was, index) => (index === at ? byte : was))

  it.for([
    ["bytes behind the question", Uint8Array.of(...www, 0), formatError],
    ["two questions announced", changed(5, 2), formatError],
    ["no question", www.slice(0, 12).fill(0, 4), formatError],
    ["a name that does not end", www.slice(0, 20), formatError],
    ["a pointer for a name", changed(12, 0xc0), formatError],
    ["an opcode that is not QUERY", changed(2, 0x29), notImplemented],
    ["another class", changed(www.length - 1, 3), refused],
    ["a whole zone (AXFR)", changed(www.length - 3, 252), refused]
  ] as const)("%s: response code", ([, bytes, code]) =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* start([1053])
        const asking = yield* client
        yield* asking.sendBytes(bytes)
        const answer = yield* asking.receive
        expect(answer).toMatchObject({ id: 7, isResponse: true, responseCode: code })
      })
    )
  )

  it("is dropped when it is a response, or shorter than a header", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { responder } = yield* start([1053])
        const asking = yield* client
        yield* asking.sendBytes(changed(2, 0x81))
        yield* asking.sendBytes(www.slice(0, 11))
        yield* asking.sendBytes(new Uint8Array())
        yield* asking.sendBytes(changed(2, 0x29))
        expect((yield* asking.receive).responseCode).toBe(notImplemented)
        expect(responder.statistics.dropped).toStrictEqual({ short: 2, response: 1 })
      })
    ))
})

describe("over TCP", () => {
  it("queries are answered as their answers come", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* NameServer.serve(1053, says(one), 100)
        yield* start([1053])
        yield* ask(query("known.example."))
        const asking = yield* tcpClient
        yield* asking.send(query("slow.example.", "A", { id: 1 }))
        yield* asking.send(query("known.example.", "A", { id: 2 }))
        expect((yield* asking.receive).id).toBe(2)
        expect((yield* asking.receive).id).toBe(1)
      })
    ))

  it("who has ended still gets every answer, then the end", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* NameServer.serve(1053, says(one), 100)
        yield* start([1053])
        const asking = yield* tcpClient
        // More than may be under way on one connection.
        const count = pipelineMax + 10
        for (let id = 0; id < count; id++) yield* asking.send(query(`${id}.example.`, "A", { id }))
        yield* asking.stream.shutdown
        const ids = new Set<number>()
        for (let id = 0; id < count; id++) ids.add((yield* asking.receive).id)
        expect(ids.size).toBe(count)
        expect(yield* asking.stream.read).toHaveLength(0)
      }),
      3
    ))

  it("a connection is not closed while it waits for an answer", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* NameServer.serve(1053, says(one), 3_000)
        yield* start([1053], {
          idleTimeout: Duration.seconds(1),
          upstreamTimeout: Duration.seconds(5)
        })
        const asking = yield* tcpClient
        yield* asking.send(query("www.example."))
        expect(addresses(yield* asking.receive)).toStrictEqual([one])
        const began = yield* millis
        expect(yield* asking.stream.read).toHaveLength(0)
        const silence = (yield* millis) - began
        expect(silence).toBeGreaterThanOrEqual(990)
        expect(silence).toBeLessThan(1_100)
      })
    ))

  it("a connection is closed that asked nothing for the idle timeout", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* NameServer.serve(1053, says(one))
        yield* start([1053])
        const asking = yield* tcpClient
        yield* Effect.sleep("6 seconds")
        yield* asking.send(query("www.example."))
        yield* asking.receive
        const began = yield* millis
        // Half a query is none.
        yield* Effect.sleep("5 seconds")
        yield* asking.stream.write(Uint8Array.of(0))
        expect(yield* asking.stream.read).toHaveLength(0)
        expect((yield* millis) - began).toBeLessThan(10_100)
      }).pipe(Effect.catchTag("IoError", () => Effect.void))
    ))
})

describe("a port that the host chooses", () => {
  it("is one that is free for both transports", () =>
    inEveryOrder(
      Effect.gen(function* () {
        // The simulated host hands out ports one after the other.
        const probe = yield* Tcp.listen({ port: 0 })
        if (probe.address._tag === "UnixPathAddress") throw new Error("Not a port")
        const taken = probe.address.port + 1
        yield* probe.close
        const holder = yield* Udp.bind({ port: taken })
        const { handles } = yield* EventLoop.EventLoop
        const before = (yield* handles).length
        const server = yield* start([1053], { listen: { host: "127.0.0.1", port: 0 } })
        expect(server.address.port).toBe(taken + 1)
        expect((yield* handles).map(({ kind }) => kind).toSorted()).toStrictEqual(
          ["TcpListener", "UdpSocket", "UdpSocket"].toSorted()
        )
        expect(before).toBe(1)
        yield* holder.close
      })
    ))
})

describe("the end", () => {
  it("answers what is under way, takes nothing new, and leaves nothing open", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { handles } = yield* EventLoop.EventLoop
        yield* Effect.scoped(
          Effect.gen(function* () {
            yield* NameServer.serve(1053, says(one), 500)
            const server = yield* start([1053])
            const idle = yield* tcpClient
            const busy = yield* tcpClient
            yield* busy.send(query("a.example."))
            const asking = yield* Effect.forkChild(ask(query("b.example.")))
            yield* Effect.sleep("100 millis")
            const began = yield* millis
            expect(yield* server.drain).toBe(0)
            expect((yield* millis) - began).toBeLessThan(1_000)
            expect(addresses(yield* Fiber.join(asking))).toStrictEqual([one])
            expect(addresses(yield* busy.receive)).toStrictEqual([one])
            expect(yield* busy.stream.read).toHaveLength(0)
            expect(yield* idle.stream.read).toHaveLength(0)
          })
        )
        expect(yield* handles).toHaveLength(0)
      })
    ))
})
