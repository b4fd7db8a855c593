import { Reason, Resolver } from "@portico/core"
import { Sim, SimBackend } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"

const { Sim: World } = Sim

const run = <A, E>(program: Effect.Effect<A, E, SimBackend.Services>, seed = 1) =>
  SimBackend.simulate(program, { seed })

const succeed = <A, E>(program: Effect.Effect<A, E, SimBackend.Services>): A => {
  const { exit } = run(program)
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(String(exit))
}

const hosts = (name: string, family?: 4 | 6) =>
  Effect.map(Resolver.lookup(name, { family }), (addresses) => addresses.map(({ host }) => host))

const reasonOf = (name: string) =>
  Effect.map(Effect.flip(Resolver.lookup(name)), ({ reason }) => reason._tag)

describe("the simulated system's resolver", () => {
  it("answers each name as the program arranged it (DNS-11)", () => {
    const program = Effect.gen(function* () {
      const sim = yield* World
      yield* sim.setHost("db.internal", { addresses: ["192.0.2.1", "2001:db8::1"] })
      yield* sim.setHost("down.internal", { failure: Reason.Reason.TemporaryFailure() })
      yield* sim.setHost("empty.internal", {})
      expect(yield* hosts("DB.internal.")).toEqual(["192.0.2.1", "2001:db8::1"])
      expect(yield* hosts("db.internal", 6)).toEqual(["2001:db8::1"])
      expect(yield* reasonOf("down.internal")).toBe("TemporaryFailure")
      expect(yield* reasonOf("empty.internal")).toBe("NoData")
      expect(yield* reasonOf("other.internal")).toBe("NameNotFound")
    })
    succeed(program)
  })

  it("answers as late as it was told, in virtual time", () => {
    const program = Effect.gen(function* () {
      const sim = yield* World
      yield* sim.setHost("slow.internal", { addresses: ["192.0.2.1"], delay: "3 seconds" })
      const began = yield* Clock.currentTimeMillis
      yield* hosts("slow.internal")
      return (yield* Clock.currentTimeMillis) - began
    })
    expect(succeed(program)).toBe(3_000)
  })

  it("never answers a name with an infinite delay, and two of them stop all others", () => {
    const program = Effect.gen(function* () {
      const sim = yield* World
      yield* sim.setHost("hung.internal", { delay: "Infinity" })
      yield* sim.setHost("db.internal", { addresses: ["192.0.2.1"] })
      const limited = (name: string) => Effect.timeoutOption(hosts(name), "1 minute")
      expect((yield* limited("hung.internal"))._tag).toBe("None")
      expect((yield* limited("db.internal"))._tag).toBe("Some")
      expect((yield* limited("hung.internal"))._tag).toBe("None")
      expect((yield* limited("db.internal"))._tag).toBe("None")
    })
    succeed(program)
  })

  it("gives the servers and the hosts file that the program set", () => {
    const program = Effect.gen(function* () {
      const sim = yield* World
      yield* sim.setNameServers(["127.0.0.7:5353"])
      yield* sim.setHostsFile("192.0.2.7 db.internal\n")
      const resolver = yield* (yield* Resolver.Resolver).configure({ lookup: "dns", tries: 1 })
      const [known] = yield* resolver.lookup("db.internal")
      const error = yield* Effect.flip(resolver.lookup("other.internal"))
      return [known.host, (error.cause as AggregateError).errors.map(String)] as const
    })
    const [known, causes] = succeed(program)
    expect(known).toBe("192.0.2.7")
    expect(causes).toEqual([expect.stringContaining("udp://127.0.0.7:5353")])
  })

  it("makes the same steps for the same seed", () => {
    const program = Effect.gen(function* () {
      const sim = yield* World
      yield* sim.setHost("a.internal", { addresses: ["192.0.2.1"], delay: "1 second" })
      const asked = ["a", "b", "c"].map((name) => Effect.exit(hosts(`${name}.internal`)))
      yield* Effect.all(asked, { concurrency: 3 })
      return yield* sim.progress
    })
    const [one, same, other] = [run(program, 7), run(program, 7), run(program, 8)]
    expect(same.exit).toEqual(one.exit)
    expect(Exit.isSuccess(other.exit)).toBe(true)
  })
})
