/** Programs over Effect's own services, which know nothing of Portico, in simulated worlds. */
import { Reason } from "@portico/core"
import { Sim, SimBackend, SimConsole, SimDatagramSocket, SimEffect, SimWorld } from "@portico/sim"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import { SecureRandom } from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { FileSystem } from "effect/FileSystem"
import { Dns } from "effect/net/Dns"
import * as NetAddress from "effect/net/NetAddress"
import { DatagramSocket, type OutgoingDatagram } from "effect/socket/DatagramSocket"
import { describe, expect, it } from "vitest"
import { bytesOf, textOf } from "../disk/TestDisk.ts"

const valueOf = <A, E>(exit: Exit.Exit<A, E>): A => {
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(Cause.pretty(exit.cause))
}

const run = <A, E>(
  program: Effect.Effect<A, E, SimEffect.Services | SimBackend.Services>,
  seed = 1
): A => valueOf(SimBackend.runSync(Effect.provide(program, SimEffect.layer), { seed }))

const runWorld = <A, E>(scenario: SimWorld.Scenario<A, E>, seed = 1): A =>
  valueOf(SimWorld.runSync(scenario, { seed }))

describe("Effect's Dns in a world", () => {
  const lookup = (name: string) =>
    Dns.use((dns) => dns.lookup(name)).pipe(
      Effect.map((found) => found.map(NetAddress.formatIp).join(" ")),
      Effect.catch(({ reason }) => Effect.succeed(reason))
    )

  it("looks up what the world knows, and fails as platform-node does", () => {
    const program = Effect.gen(function* () {
      const sim = yield* Sim.Sim
      const { NoData, ServerFailure, TemporaryFailure } = Reason.Reason
      yield* sim.setHost("db.test", { addresses: ["192.0.2.1", "2001:db8::1"] })
      yield* sim.setHost("busy.test", { failure: TemporaryFailure() })
      yield* sim.setHost("none.test", { failure: NoData() })
      yield* sim.setHost("broken.test", { failure: ServerFailure({ code: "SERVFAIL" }) })
      const names = ["db.test", "busy.test", "none.test", "broken.test", "other.test", "a..b"]
      const answers = yield* Effect.forEach(names, lookup)
      const dns = yield* Dns
      const six = yield* dns.lookup("db.test", { family: "IPv6" })
      const refused = yield* Effect.flip(dns.resolve("db.test", "MX"))
      return [...answers, ...six.map(NetAddress.formatIp), refused.reason]
    })
    expect(run(program)).toEqual([
      "192.0.2.1 2001:db8::1",
      "Temporary",
      "NotFound",
      "ServerFailure",
      "NotFound",
      "BadName",
      "2001:db8::1",
      // Nobody listens where the world's one name server would be.
      "Refused"
    ])
  })

  it("finds the hosts of a world by their names", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const [a, b] = [yield* world.host("a"), yield* world.host("b")]
      expect(yield* a.run(Effect.provide(lookup("b"), SimEffect.layer))).toBe(b.addresses[0])
    })
    runWorld(scenario)
  })
})

describe("Effect's SecureRandom in a world", () => {
  it("draws what the seed decides", () => {
    const program = SecureRandom.use((random) =>
      Effect.all([random.uuidV4(), random.uuidV7(), random.ulid, random.intBetween(1, 1e6)])
    )
    expect(run(program, 7)).toEqual(run(program, 7))
    expect(run(program, 7)[0]).not.toBe(run(program, 8)[0])
    const bytes = run(SecureRandom.use((random) => random.randomBytes(4096)))
    expect(new Set(bytes).size).toBe(256)
  })
})

describe("Effect's FileSystem on a host", () => {
  it("is of that host alone", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const [a, b] = [yield* world.host("a"), yield* world.host("b")]
      const write = FileSystem.use((fs) => fs.writeFileString("/tmp/x", "here"))
      const exists = FileSystem.use((fs) => fs.exists("/tmp/x"))
      yield* a.run(Effect.provide(write, SimEffect.layer))
      const seen = yield* Effect.forEach([a, b], (host) =>
        host.run(Effect.provide(exists, SimEffect.layer))
      )
      expect(seen).toEqual([true, false])
    })
    runWorld(scenario)
  })
})

describe("Effect's Console in a world", () => {
  it("tells lines, indented by their groups, with the world's time", () => {
    const lines: Array<SimConsole.ConsoleLine> = []
    const program = Effect.gen(function* () {
      yield* Console.log("one", 2, { three: 3 })
      const inner = Effect.andThen(Console.warn("a\nb"), Console.count())
      yield* Effect.scoped(Effect.andThen(Console.group({ label: "inner" }), inner))
      yield* Console.count()
      yield* Effect.scoped(Effect.andThen(Console.time("took"), Effect.sleep("3 seconds")))
      yield* Console.assert(true, "no")
      yield* Console.assert(false, "yes")
    })
    const printing = SimConsole.layer({ onLine: (line) => void lines.push(line) })
    run(Effect.provide(program, printing))
    expect(lines.map(({ level, text }) => `${level} ${text}`)).toEqual([
      'log one 2 {"three":3}',
      "log inner",
      "warn   a\n  b",
      "log   default: 1",
      "log default: 2",
      "log took: 3000ms",
      "error Assertion failed yes"
    ])
  })

  it("takes what loggers print", () => {
    const lines: Array<string> = []
    const printing = SimConsole.layer({ onLine: ({ text }) => void lines.push(text) })
    run(Effect.provide(Effect.logInfo("hello"), printing))
    expect(lines.join("\n")).toContain("hello")
  })
})

const echo = Effect.gen(function* () {
  const socket = yield* DatagramSocket
  const { pull } = yield* socket.reader
  const { writeAll } = yield* socket.writer
  for (;;) {
    const [first, ...rest] = yield* pull
    const back = (datagram: typeof first): OutgoingDatagram => datagram
    yield* writeAll([back(first), ...rest.map(back)])
  }
}).pipe(Effect.scoped)

const ask = Effect.gen(function* () {
  const socket = yield* DatagramSocket
  const { pull } = yield* socket.reader
  const { write } = yield* socket.writer
  yield* write({ payload: "hello" })
  const [{ address, payload }] = yield* pull
  return `${textOf(payload)} from ${NetAddress.formatInet(address)}`
}).pipe(Effect.scoped)

const port = 5300
const server = SimDatagramSocket.layer({ bind: { port } })

describe("Effect's DatagramSocket in a world", () => {
  it("carries datagrams between hosts, and loses them in a partition", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const [a, b] = [yield* world.host("a"), yield* world.host("b")]
      yield* b.start(() => Effect.provide(echo, server))
      const client = SimDatagramSocket.layer({ connect: { address: "b", port } })
      const asked = a.run(Effect.timeoutOption(Effect.provide(ask, client), "1 second"))
      const before = yield* asked
      const during = yield* Effect.scoped(Effect.andThen(world.net.partition(a, b), asked))
      const after = yield* asked
      const answer = { _tag: "Some", value: `hello from ${b.addresses[0]}:${port}` }
      expect([before, during, after]).toMatchObject([answer, { _tag: "None" }, answer])
    })
    runWorld(scenario)
  })

  it("tells who listens that a peer refuses, and pulls on", () => {
    const errors: Array<string> = []
    const onError = ({ reason }: { readonly reason: object }) =>
      void errors.push("kind" in reason ? String(reason.kind) : "none")
    const connect = { address: "127.0.0.1", port }
    const program = Effect.gen(function* () {
      const asking = yield* Effect.forkChild(
        Effect.provide(ask, SimDatagramSocket.layer({ connect, onError }))
      )
      yield* Effect.sleep("1 second")
      yield* Fiber.interrupt(asking)
      return errors
    })
    expect(run(program)).toEqual(["ConnectionRefused"])
  })

  it("drops what comes when its queue is full, and counts it", () => {
    const program = Effect.gen(function* () {
      const socket = yield* DatagramSocket
      const { address, dropped, pull } = yield* socket.reader
      const { write } = yield* socket.writer
      for (const text of ["1", "2", "3", "4"]) {
        yield* write({ payload: bytesOf(text), address })
        yield* Effect.sleep("1 milli")
      }
      const kept = yield* pull
      return [dropped(), kept.map(({ payload }) => textOf(payload)).join(" ")]
    }).pipe(Effect.scoped)
    const kept = (strategy: "dropping" | "sliding") => {
      const receiveBuffer = { capacity: 2, strategy }
      const layer = SimDatagramSocket.layer({ bind: { address: "127.0.0.1" }, receiveBuffer })
      return run(Effect.provide(program, layer))
    }
    expect(kept("dropping")).toEqual([2, "1 2"])
    expect(kept("sliding")).toEqual([2, "3 4"])
  })

  it("fails where it cannot be bound or written", () => {
    const bound = Effect.gen(function* () {
      const socket = yield* DatagramSocket
      yield* socket.reader
      const { write } = yield* socket.writer
      const again = SimDatagramSocket.layer({ bind: { address: "127.0.0.1", port } })
      const taken = yield* DatagramSocket.use(({ reader }) => reader).pipe(
        Effect.scoped,
        Effect.provide(again),
        Effect.flip
      )
      const address = NetAddress.inetAddressFromIpStringUnsafe("127.0.0.1", 9)
      const long = yield* Effect.flip(write({ payload: new Uint8Array(65_508), address }))
      return [taken.reason, long.reason]
    }).pipe(Effect.scoped)
    const here = SimDatagramSocket.layer({ bind: { address: "127.0.0.1", port } })
    expect(run(Effect.provide(bound, here))).toMatchObject([
      { _tag: "DatagramSocketOpenError", kind: "AddressInUse" },
      { _tag: "DatagramSocketWriteError", kind: "MessageTooLarge" }
    ])
  })
})
