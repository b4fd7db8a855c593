/** The server in the simulator, with clients on a good and on a bad network. */
import { EventLoop, Files, Udp } from "@portico/core"
import { SimBackend } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import * as Program from "../src/Program.ts"
import * as Packet from "../src/wire/Packet.ts"
import * as Client from "./Client.ts"

const options: Program.Options = {
  listen: { host: "127.0.0.1", port: 69 },
  root: "/tmp/root",
  limits: { blockBytesMax: 1_428, windowMax: 8, timeoutSeconds: 1 },
  isReadOnly: false,
  keepsExisting: false,
  uploadBytesMax: 1_000_000,
  transfersMax: 10,
  drainDeadline: Duration.seconds(5)
}
const server = { host: "127.0.0.1", port: 69 }

const content = (length: number) =>
  Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 255)

const plant = Effect.gen(function* () {
  yield* Files.createDirectory("/tmp/root/below", { recursive: true })
  yield* Files.writeFile("/tmp/secret", content(3))
  yield* Files.writeFile("/tmp/root/file", content(5_000))
  yield* Files.writeFile("/tmp/root/below/even", content(1_024))
  yield* Files.writeFile("/tmp/root/empty", content(0))
  yield* Files.writeFile("/tmp/root/text", new TextEncoder().encode("a\nb\r\n"))
  yield* Files.symlink("below/even", "/tmp/root/inner")
  yield* Files.symlink("../secret", "/tmp/root/outer")
  yield* Files.symlink("..", "/tmp/root/up")
  yield* Files.symlink("loop", "/tmp/root/loop")
})

type Body<E> = (app: Program.Server) => Effect.Effect<void, E, SimBackend.Services | Scope.Scope>

const inWorlds = <E>(body: Body<E>, overrides: Partial<Program.Options> = {}, seeds = 20) => {
  for (let seed = 1; seed <= seeds; seed++) {
    const program = Effect.gen(function* () {
      yield* plant
      const app = yield* Program.serve({ ...options, ...overrides })
      yield* body(app)
      yield* app.drain(options.drainDeadline)
      expect(yield* EventLoop.EventLoop.use(({ handles }) => handles)).toHaveLength(0)
    })
    const exit = SimBackend.runSync(Effect.scoped(program), { seed, order: "random" })
    expect(exit, `seed ${seed}`).toStrictEqual(Exit.void)
  }
}

/** Milliseconds for 131,000 datagrams on a busy machine: five times what they take alone. */
const manyPackets = 20_000

const stored = (path: string) => Files.readFile(`/tmp/root/${path}`, { bytesMax: 10_000_000 })
const got = (file: string, request?: Client.Options, mode?: Packet.Mode) =>
  Effect.scoped(
    Effect.flatMap(Client.make(server), (client) => Client.get(client, file, request, mode))
  )
const put = (file: string, bytes: Uint8Array, request?: Client.Options, mode?: Packet.Mode) =>
  Effect.scoped(
    Effect.flatMap(Client.make(server), (client) => Client.put(client, file, bytes, request, mode))
  )
/** However long an answer takes. */
const due = Infinity

const refusal = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => (error as unknown as Client.Refused).code)

describe("tftp", () => {
  it("gives files, whatever their length", () =>
    inWorlds(
      Effect.fnUntraced(function* () {
        for (const [name, length] of [
          ["file", 5_000],
          ["/below/even", 1_024],
          ["./below//even", 1_024],
          ["inner", 1_024],
          ["empty", 0]
        ] as const) {
          expect((yield* got(name)).bytes).toStrictEqual(content(length))
        }
      })
    ))

  it("agrees on options, and keeps to them", () =>
    inWorlds(
      Effect.fnUntraced(function* () {
        const asked = { blksize: "1000", windowsize: "4", tsize: "0", timeout: "2", odd: "1" }
        const { agreed, blocks, bytes } = yield* got("file", asked)
        expect(bytes).toStrictEqual(content(5_000))
        expect(Object.fromEntries(agreed)).toStrictEqual({
          blksize: "1000",
          windowsize: "4",
          tsize: "5000",
          timeout: "2"
        })
        expect(blocks).toBe(6)
      })
    ))

  it("takes files, in place of those that are there", () =>
    inWorlds(
      Effect.fnUntraced(function* () {
        for (const length of [0, 511, 512, 3_000]) {
          yield* put("below/new", content(length))
          expect(yield* stored("below/new")).toStrictEqual(content(length))
        }
        yield* put("new", content(9_000), { blksize: "900", windowsize: "3", tsize: "9000" })
        expect(yield* stored("new")).toStrictEqual(content(9_000))
      })
    ))

  it("translates text, both ways", () =>
    inWorlds(
      Effect.fnUntraced(function* () {
        const wire = new TextEncoder().encode("a\r\nb\r\0\r\n")
        expect((yield* got("text", { tsize: "0" }, "netascii")).bytes).toStrictEqual(wire)
        yield* put("back", wire, { blksize: "8" }, "netascii")
        expect(yield* stored("back")).toStrictEqual(yield* stored("text"))
        // Longer than a block and than a piece, with a line's end in every place.
        const lines = new TextEncoder().encode("ab\n".repeat(20_000))
        yield* Files.writeFile("/tmp/root/lines", lines)
        const { bytes } = yield* got("lines", { windowsize: "8" }, "netascii")
        expect(new TextDecoder().decode(bytes)).toBe("ab\r\n".repeat(20_000))
      }),
      {},
      3
    ))

  it("counts blocks beyond 65,535", { timeout: manyPackets }, () =>
    inWorlds(
      Effect.fnUntraced(function* () {
        const bytes = content(8 * 65_600 + 3)
        yield* Files.writeFile("/tmp/root/long", bytes)
        const read = yield* got("long", { blksize: "8", windowsize: "100" })
        expect(read.blocks).toBe(65_601)
        expect(Buffer.compare(read.bytes, bytes)).toBe(0)
      }),
      { limits: { ...options.limits, windowMax: 100 } },
      1
    )
  )

  it("does not leave its root", () =>
    inWorlds(
      Effect.fnUntraced(function* () {
        for (const name of ["../secret", "/../secret", "below/../../secret", "..", "outer"]) {
          expect([name, yield* refusal(got(name))]).toStrictEqual([name, 2])
        }
        expect(yield* refusal(got("up/secret"))).toBe(2)
        for (const name of ["../new", "up/new", "outer", "inner", "below", "/", "."]) {
          expect([name, yield* refusal(put(name, content(3)))]).toStrictEqual([name, 2])
        }
        expect(yield* refusal(got("loop"))).toBe(2)
        expect(yield* refusal(got("nothing"))).toBe(1)
        expect(yield* refusal(put("nowhere/new", content(3)))).toBe(1)
        expect(yield* Files.readFile("/tmp/secret", { bytesMax: 10 })).toStrictEqual(content(3))
      })
    ))

  it("refuses what its options forbid, and leaves nothing behind", () => {
    inWorlds(
      Effect.fnUntraced(function* () {
        expect(yield* refusal(put("new", content(3)))).toBe(2)
        expect((yield* got("empty")).bytes).toHaveLength(0)
      }),
      { isReadOnly: true }
    )
    inWorlds(
      Effect.fnUntraced(function* () {
        expect(yield* refusal(put("file", content(3)))).toBe(6)
        yield* put("new", content(3))
      }),
      { keepsExisting: true }
    )
    inWorlds(
      Effect.fnUntraced(function* () {
        expect(yield* refusal(put("new", content(3), { tsize: "1001" }))).toBe(3)
        expect(yield* refusal(put("new", content(1_001)))).toBe(3)
        yield* put("new", content(1_000))
        expect(yield* stored("new")).toHaveLength(1_000)
      }),
      { uploadBytesMax: 1_000 }
    )
  })

  it("is right on a network that loses and doubles packets", () =>
    inWorlds(
      Effect.fnUntraced(function* () {
        const trouble = { lost: 50, doubled: 200 }
        for (const windowsize of ["1", "5"]) {
          const reader = yield* Client.make(server, trouble)
          const { bytes } = yield* Client.get(reader, "file", { windowsize })
          expect(bytes).toStrictEqual(content(5_000))
          const writer = yield* Client.make(server, trouble)
          yield* Client.put(writer, "new", content(5_000), { windowsize })
          expect(yield* stored("new")).toStrictEqual(content(5_000))
          yield* Effect.sleep("10 seconds")
        }
      }, Effect.scoped),
      {},
      Number(process.env["SEEDS"] ?? 15)
    ))

  it("sends nothing twice because an acknowledgement came twice", () =>
    inWorlds(
      Effect.fnUntraced(function* () {
        const client = yield* Client.make(server, { lost: 0, doubled: 1_000 })
        const { blocks } = yield* Client.get(client, "file")
        // One answer for each packet of the client's but the last.
        expect(client.sent).toBe(blocks + 1)
      }, Effect.scoped)
    ))

  it("gives up a client that is silent, and keeps nothing of its file", () =>
    inWorlds(
      Effect.fnUntraced(function* (app) {
        const socket = yield* Udp.bind({ port: 0 })
        const request = (tag: "Read" | "Write") =>
          Packet.request({ _tag: tag, file: "file", mode: "octet", options: new Map() })
        yield* socket.send(request("Write"), server)
        yield* socket.send(request("Write"), server)
        yield* Effect.sleep("2 seconds")
        expect(app.transfers()).toBe(1)
        yield* Effect.sleep("4 seconds")
        expect(app.transfers()).toBe(0)
        expect(yield* stored("file")).toHaveLength(5_000)
        expect(yield* stored("empty")).toHaveLength(0)
      }, Effect.scoped)
    ))

  it("answers what is no request, and goes on", () =>
    inWorlds(
      Effect.fnUntraced(function* () {
        const client = yield* Client.make(server)
        yield* client.send(Uint8Array.of(0, 9))
        expect(yield* refusal(client.receive(due))).toBe(4)
        yield* client.send(Packet.acknowledgement(7))
        expect(yield* refusal(client.receive(due))).toBe(4)
        // To an error there is no answer.
        yield* client.send(Packet.error(0, "no"))
        const soon = (yield* Clock.currentTimeMillis) + 1_000
        expect(yield* client.receive(soon)).toBeUndefined()
        expect((yield* got("empty")).bytes).toHaveLength(0)
      }, Effect.scoped)
    ))

  it("refuses more transfers than it may have, and drains in time", () =>
    inWorlds(
      Effect.fnUntraced(function* (app) {
        const silent = yield* Client.make(server)
        const asked = Packet.request({
          _tag: "Read",
          file: "file",
          mode: "octet",
          options: new Map()
        })
        yield* silent.send(asked)
        yield* silent.receive(due)
        expect(yield* refusal(got("empty"))).toBe(0)
        expect(yield* app.drain(Duration.seconds(1))).toBe(1)
      }, Effect.scoped),
      { transfersMax: 1 }
    ))
})
