import { Resolver, Tcp, Udp } from "@portico/core"
import { SimWorld } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import { describe, expect, it } from "vitest"
import { ask, port, serve } from "./Echo.ts"

const run = <A, E>(
  scenario: SimWorld.Scenario<A, E>,
  options: Partial<SimWorld.WorldOptions> = {}
) => SimWorld.simulate(scenario, { seed: 1, ...options })

const valueOf = <A, E>(exit: Exit.Exit<A, E>): A => {
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(String(exit))
}

const elapsed = Effect.map(Clock.currentTimeMillis, (millis) => millis - 1_767_225_600_000)

describe("two hosts", () => {
  // As Linux, where it is EINVAL.
  it("cannot be reached from a socket that is bound to the loopback", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      yield* world.host("other", { addresses: ["10.0.0.2"] })
      const host = yield* world.host("own", { addresses: ["10.0.0.1"] })
      const sending = Effect.gen(function* () {
        const socket = yield* Udp.bind({ host: "127.0.0.1", port: 0 })
        const send = (to: string) =>
          Effect.exit(socket.send(Uint8Array.of(1), { host: to, port: 9 }))
        return [yield* send("10.0.0.1"), yield* send("10.0.0.2")]
      })
      return yield* host.run(Effect.scoped(sending))
    })
    const [own, other] = valueOf(run(scenario).exit)
    expect(Exit.isSuccess(own!)).toBe(true)
    expect(String(other)).toContain("EINVAL")
  })

  const talk = Effect.gen(function* () {
    const world = yield* SimWorld.World
    const server = yield* world.host("server")
    const client = yield* world.host("client")
    yield* server.start(() => serve)
    return yield* client.run(ask("server", 5000))
  })

  it("talk over TCP, by name", () => {
    expect(valueOf(run(talk).exit)).toBe(5000)
  })

  it("are as far apart as the network says", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const server = yield* world.host("server")
      const client = yield* world.host("client")
      yield* server.start(() => serve)
      yield* Effect.sleep(1)
      const before = yield* elapsed
      yield* client.run(ask("server"))
      return (yield* elapsed) - before
    })
    // A round trip for the handshake, one for the echo; the name is known at once.
    expect(valueOf(run(scenario, { network: "10 millis" }).exit)).toBe(40)
  })

  it("give the same run for the same seed", () => {
    const first = run(talk, { seed: 7, order: "random" })
    expect(run(talk, { seed: 7, order: "random" })).toEqual(first)
    expect(run(talk, { seed: 8, order: "random" }).hash).not.toBe(first.hash)
  })

  it("run as an effect as they do in a call", async () => {
    expect(await Effect.runPromise(SimWorld.run(talk, { seed: 3 }))).toBe(5000)
  })

  it("know each other by name, and their own loopback", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const a = yield* world.host("a", { addresses: ["192.0.2.1", "2001:db8::1"] })
      const b = yield* world.host("b")
      const found = yield* b.run(Resolver.lookup("a"))
      const own = yield* b.run(Resolver.lookup("localhost"))
      return [a.addresses, found.length, b.addresses, own.length]
    })
    expect(valueOf(run(scenario).exit)).toEqual([["192.0.2.1", "2001:db8::1"], 2, ["10.0.0.2"], 2])
  })

  it("have random numbers of their own", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const a = yield* world.host("a")
      const b = yield* world.host("b")
      return [yield* a.run(Random.nextInt), yield* b.run(Random.nextInt), yield* Random.nextInt]
    })
    expect(new Set(valueOf(run(scenario).exit)).size).toBe(3)
  })
})

describe("a crash", () => {
  it("by loss of power is silence to the peer, until the host is back", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const server = yield* world.host("server")
      const client = yield* world.host("client")
      yield* server.start(() => serve)
      yield* server.crash()
      const state = yield* server.state
      const before = yield* elapsed
      const refused = yield* Effect.exit(client.run(ask("server")))
      return { state, waited: (yield* elapsed) - before, refused }
    })
    const { refused, state, waited } = valueOf(run(scenario).exit)
    expect(state).toBe("off")
    expect(String(refused)).toContain("TimedOut")
    // What comes first: the connect's own time limit, or the kernel's, of 131 s.
    expect(waited).toBeGreaterThan(1000)
  })

  it("of the process is told by its kernel", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const server = yield* world.host("server")
      const client = yield* world.host("client")
      yield* server.start(() => serve)
      yield* Effect.sleep(1)
      const talking = Effect.gen(function* () {
        const stream = yield* Tcp.connect({ host: "server", port })
        yield* stream.write(Uint8Array.of(1))
        yield* stream.readExactly(1)
        return (yield* stream.read).length
      }).pipe(Effect.scoped)
      const [read] = yield* Effect.all(
        [client.run(talking), Effect.delay(server.crash({ kind: "kill" }), 10)],
        { concurrency: "unbounded" }
      )
      const refused = yield* Effect.exit(client.run(ask("server")))
      return { read, refused: String(refused), state: yield* server.state }
    })
    const { read, refused, state } = valueOf(run(scenario).exit)
    expect(read).toBe(0)
    expect(refused).toContain("ConnectionRefused")
    expect(state).toBe("idle")
  })

  it("runs no finalizer, and a restart runs the program anew", () => {
    const lines: Array<string> = []
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const server = yield* world.host("server")
      const client = yield* world.host("client")
      let starts = 0
      yield* server.start(() =>
        Effect.sync(() => lines.push(`start ${++starts}`)).pipe(
          Effect.andThen(serve),
          Effect.ensuring(Effect.sync(() => lines.push("finalizer")))
        )
      )
      yield* client.run(ask("server"))
      yield* server.reboot("1 second")
      yield* Effect.sleep(10)
      lines.push(`echo ${yield* client.run(ask("server"))}`)
      return yield* server.incarnation
    })
    expect(valueOf(run(scenario).exit)).toBe(2)
    expect(lines).toEqual(["start 1", "start 2", "echo 64"])
  })

  it("freezes fibers that somebody outside wakes", () => {
    const lines: Array<string> = []
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const host = yield* world.host("host")
      let wake = () => {}
      yield* host.start(() =>
        Effect.callback<void>((resume) => {
          wake = () => resume(Effect.void)
        }).pipe(Effect.andThen(Effect.sync(() => lines.push("ran on"))))
      )
      yield* Effect.sleep(10)
      yield* host.crash({ kind: "kill" })
      wake()
      yield* Effect.sleep(10)
    })
    run(scenario)
    expect(lines).toEqual([])
  })

  it("leaves a peer half-open, which learns of it when it asks", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const server = yield* world.host("server")
      const client = yield* world.host("client")
      yield* server.start(() => serve)
      yield* Effect.sleep(1)
      const talking = Effect.gen(function* () {
        const stream = yield* Tcp.connect({ host: "server", port })
        yield* stream.write(Uint8Array.of(1))
        yield* stream.readExactly(1)
        yield* Effect.sleep("10 seconds")
        yield* stream.write(Uint8Array.of(1))
        return yield* Effect.exit(stream.readExactly(1))
      }).pipe(Effect.scoped)
      const [read] = yield* Effect.all(
        [client.run(talking), Effect.delay(server.reboot("1 second"), "1 second")],
        { concurrency: "unbounded" }
      )
      return String(read)
    })
    expect(valueOf(run(scenario).exit)).toContain("ConnectionReset")
  })
})

describe("a partition", () => {
  const through = (mode: "drop" | "reject", healAfter: number) =>
    Effect.gen(function* () {
      const world = yield* SimWorld.World
      const server = yield* world.host("server")
      const client = yield* world.host("client")
      yield* server.start(() => serve)
      yield* Effect.sleep(1)
      const before = yield* elapsed
      yield* Effect.forkChild(
        Effect.scoped(
          Effect.andThen(world.net.partition(server, client, { mode }), Effect.sleep(healAfter))
        ),
        { startImmediately: true }
      )
      const exit = yield* Effect.exit(client.run(ask("server")))
      return { exit: String(exit), waited: (yield* elapsed) - before }
    })

  it("that drops delays a connect until a SYN gets through", () => {
    // Sent again after 1, 2, 3, 4 and 5 s.
    const { exit, waited } = valueOf(run(through("drop", 3500), { network: 1 }).exit)
    expect(exit).toContain("64")
    expect(waited).toBe(4004)
  })

  it("that rejects fails a connect at once", () => {
    const { exit, waited } = valueOf(run(through("reject", 3500)).exit)
    expect(exit).toContain("HostUnreachable")
    expect(waited).toBeLessThan(2)
  })

  it("one way stops answers only", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const [a, b] = [yield* world.host("a"), yield* world.host("b")]
      const seen: Array<string> = []
      yield* world.net.rule(({ from, kind }) => {
        seen.push(`${from} ${kind}`)
        return "pass"
      })
      yield* world.net.partition(a, b, { direction: "bToA" })
      yield* b.start(() => serve)
      yield* Effect.sleep(1)
      yield* Effect.timeoutOption(a.run(ask("b")), "1500 millis")
      return seen
    })
    expect(valueOf(run(scenario).exit)).toEqual([
      "a Syn",
      "b Accepted",
      "a Syn",
      "b Accepted",
      "b Accepted"
    ])
  })
})
