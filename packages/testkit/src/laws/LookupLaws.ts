/** Laws of looking up hosts: the system's resolver, the hosts file, and what needs neither. */
import {
  Backend,
  BackendLayer,
  EventLoop,
  type IoError,
  type PendingOperation,
  Reason,
  Resolver
} from "@portico/core"
import { type LookupEvents, type LookupRequest, PortFailure } from "@portico/core/port"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { equals, equalsAll, failsWith, isTrue, rejects } from "../Expectation.ts"
import { overriding, type PortChange, withPorts } from "../FaultyPorts.ts"
import { type BackendServices, law, lawGroup } from "../Law.ts"
import type { LawFailure } from "../LawFailure.ts"
import { nameServer, record, responseTo } from "../NameServers.ts"
import { eventually, settle } from "../Turns.ts"
import { samples } from "./RecordSamples.ts"

interface Asked {
  readonly request: LookupRequest
  readonly events: LookupEvents
}

/** A system's resolver that the law answers for. */
const makeSystem = (lookupsMax = 2, hosts = "") => {
  const asked: Array<Asked> = []
  const change: PortChange = (ports) => ({
    ...ports,
    resolver: overriding(ports.resolver, {
      lookupsMax,
      hosts: () => hosts,
      lookup: (request, events) => void asked.push({ request, events })
    })
  })
  /** Answers the oldest that was not answered. */
  const answer = (outcome: ReadonlyArray<string> | PortFailure) =>
    Effect.map(Backend.Backend, ({ turn }) => {
      const { events } = asked.shift()!
      turn.enter()
      if (outcome instanceof PortFailure) events.onFailed(outcome)
      else events.onFound(outcome)
      turn.leave()
    })
  const awaitAsked = (count: number) =>
    eventually(
      `${count} lookups`,
      Effect.sync(() => asked.length === count)
    )
  return { asked, change, answer, awaitAsked }
}

type System = ReturnType<typeof makeSystem>

/** A law over a system's resolver that it answers for. */
const systemLaw = (
  id: string,
  sentence: string,
  body: (
    system: System
  ) => Effect.Effect<void, LawFailure | IoError.IoError, BackendServices | Scope.Scope>,
  lookupsMax = 2
) =>
  law(id, sentence, function* () {
    const system = makeSystem(lookupsMax)
    yield* withPorts(system.change, Effect.scoped(body(system)))
  })

const hostsOf = (addresses: Resolver.Addresses) => addresses.map(({ host }) => host)

const lookupOf = (pending: ReadonlyArray<PendingOperation.PendingOperation>) =>
  pending.filter(({ operation }) => operation === "Resolver.lookup")

export const LookupLaws = lawGroup("Looking up hosts", [
  systemLaw("DNS-40", "localhost and literals are known without asking", ({ asked }) =>
    Effect.gen(function* () {
      const both = ["127.0.0.1", "::1"]
      for (const name of ["localhost", "LOCALHOST", "a.localhost", "localhost."]) {
        yield* equalsAll(hostsOf(yield* Resolver.lookup(name)), both, name)
      }
      yield* equalsAll(hostsOf(yield* Resolver.lookup("localhost", { family: 6 })), ["::1"], "6")
      yield* equalsAll(hostsOf(yield* Resolver.lookup("192.0.2.1")), ["192.0.2.1"], "IPv4")
      yield* equalsAll(hostsOf(yield* Resolver.lookup("2001:DB8::1")), ["2001:db8::1"], "IPv6")
      yield* failsWith("NoData", Resolver.lookup("192.0.2.1", { family: 6 }))
      yield* equals(asked.length, 0, "lookups by the system")
    })
  ),

  law("DNS-08", "a host without IPv6 still resolves localhost", function* () {
    const addresses = yield* Resolver.lookup("localhost")
    yield* equals(addresses[0].host, "127.0.0.1", "first address")
  }),

  systemLaw("DNS-07", "scoped IPv6 addresses keep their scope", (system) =>
    Effect.gen(function* () {
      yield* equalsAll(hostsOf(yield* Resolver.lookup("fe80::1%7")), ["fe80::1%7"], "literal")
      const fiber = yield* Effect.forkChild(Resolver.lookup("host.example"))
      yield* system.awaitAsked(1)
      yield* system.answer(["fe80::2%eth0"])
      yield* equalsAll(hostsOf(yield* Fiber.join(fiber)), ["fe80::2%eth0"], "looked up")
    })
  ),

  systemLaw("DNS-41", "the system's answer keeps its order, and nothing comes twice", (system) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Resolver.lookup("Host.Example"))
      yield* system.awaitAsked(1)
      yield* equals(system.asked[0]!.request.name, "host.example", "name asked for")
      yield* system.answer(["2001:db8::1", "192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"])
      const expected = ["2001:db8::1", "192.0.2.1"]
      yield* equalsAll(hostsOf(yield* Fiber.join(fiber)), expected, "addresses")
    })
  ),

  systemLaw("DNS-02", "an unknown name and a resolver that is down are told apart", (system) =>
    Effect.gen(function* () {
      const fails = (reason: Reason.Reason) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(Resolver.lookup("host.example"))
          yield* system.awaitAsked(1)
          yield* system.answer(new PortFailure(reason, "the system's own"))
          return yield* failsWith(reason._tag, Fiber.join(fiber))
        })
      const unknown = yield* fails(Reason.Reason.NameNotFound())
      yield* equals(unknown.address, "dns:host.example", "address")
      yield* equals(unknown.cause, "the system's own", "cause")
      yield* fails(Reason.Reason.TemporaryFailure())
    })
  ),

  law(
    "DNS-42",
    "the system's resolver answers, as it can",
    function* () {
      // Nothing is below `invalid` (RFC 6761 §6.4); without a network nobody can say so.
      const unknown = Resolver.lookup("no-such-host.invalid")
      yield* failsWith(["NameNotFound", "TemporaryFailure"], unknown)
    },
    { longerThan: "without a network, a system waits long for its name servers" }
  ),

  systemLaw(
    "DNS-03",
    "a hundred lookups at once all complete, few of them at a time",
    (system) =>
      Effect.gen(function* () {
        const names = Array.from({ length: 100 }, (_, index) => `host-${index}.example`)
        const fibers = yield* Effect.forEach(names, (name) =>
          Effect.forkChild(Resolver.lookup(name))
        )
        for (let left = names.length; left > 0; left--) {
          yield* system.awaitAsked(Math.min(left, 3))
          yield* system.answer([`192.0.2.${left}`])
        }
        const first = hostsOf(yield* Fiber.join(fibers[0]!))
        yield* equalsAll(first, ["192.0.2.100"], "first come, first served")
        yield* Effect.forEach(fibers, Fiber.join)
      }),
    3
  ),

  systemLaw(
    "DNS-43",
    "interrupting a lookup returns at once; its late answer is dropped",
    (system) =>
      Effect.gen(function* () {
        const loop = yield* EventLoop.EventLoop
        const hung = yield* Effect.forkChild(Resolver.lookup("hung.example"))
        yield* system.awaitAsked(1)
        yield* equals(lookupOf(yield* loop.operations).length, 1, "lookups pending")
        const gone = yield* Effect.forkChild(Resolver.lookup("gone.example"))
        yield* settle
        const waiting = yield* Effect.forkChild(Resolver.lookup("waiting.example"))
        yield* settle
        yield* equals(lookupOf(yield* loop.operations).length, 3, "lookups pending")
        yield* Fiber.interrupt(gone)
        yield* Fiber.interrupt(hung)
        yield* equals(lookupOf(yield* loop.operations).length, 1, "lookups pending")
        // The host is still at it, so the next one has to wait.
        yield* settle
        yield* equals(system.asked.length, 1, "lookups under way")
        yield* system.answer(["192.0.2.1"])
        yield* system.awaitAsked(1)
        yield* equals(system.asked[0]!.request.name, "waiting.example", "next")
        yield* system.answer(["192.0.2.2"])
        yield* equalsAll(hostsOf(yield* Fiber.join(waiting)), ["192.0.2.2"], "addresses")
      }),
    1
  ),

  law("DNS-46", "a backend that ends, ends its lookups, also those in line", function* () {
    const system = makeSystem(1)
    const ports = yield* Backend.Backend
    const scope = yield* Scope.make()
    const changed = BackendLayer.fromPorts(Effect.succeed(system.change(ports)))
    const resolver = Context.get(yield* Layer.buildWithScope(changed, scope), Resolver.Resolver)
    const lookups = ["a.example", "b.example"].map((name) => resolver.lookup(name))
    const fibers = yield* Effect.forEach(lookups, (lookup) => Effect.forkChild(lookup))
    yield* system.awaitAsked(1)
    yield* settle
    yield* Scope.close(scope, Exit.void)
    for (const fiber of fibers) yield* failsWith("Closed", Fiber.join(fiber))
    yield* failsWith("Closed", resolver.lookup("c.example"))
  }),

  law(
    "DNS-44",
    "by DNS, the hosts file is asked first, then name servers for both families",
    function* () {
      const hosts = "192.0.2.9 known.example other # a comment\nfe80::1%1 known.example\nnonsense\n"
      const { asked, change } = makeSystem(1, hosts)
      const body = Effect.gen(function* () {
        const server = yield* nameServer((query) => {
          const [{ name, type } = { name: "", type: 0 }] = query.questions
          if (name !== "host.example.") return [responseTo(query, { responseCode: 3 })]
          const answer = type === 1 ? record(name, "A", samples.A) : undefined
          const ipv6 = record(name, "AAAA", samples.AAAA)
          return [responseTo(query, { answers: [answer ?? ipv6] })]
        })
        const options = { servers: [server.address], lookup: "dns" } as const
        const resolver = yield* (yield* Resolver.Resolver).configure(options)
        const known = hostsOf(yield* resolver.lookup("Known.Example"))
        yield* equalsAll(known, ["192.0.2.9", "fe80::1%1"], "hosts file")
        yield* equalsAll(
          (yield* resolver.reverse("192.0.2.9")).names,
          ["known.example", "other"],
          "names"
        )
        yield* equals(server.asked.length, 0, "queries")
        const addresses = yield* resolver.lookup("host.example")
        yield* equalsAll(hostsOf(addresses), ["::1", "192.0.2.1"], "by DNS")
        yield* isTrue(addresses[0].ttl._tag === "Some", "An address by DNS has no TTL")
        yield* failsWith("NameNotFound", resolver.lookup("none.example"))
        yield* equals(asked.length, 0, "lookups by the system")
      })
      yield* withPorts(change, Effect.scoped(body))
    }
  ),

  law("DNS-45", "names and families that are none are refused", function* () {
    for (const name of ["", "a b", "a..b", `${"x".repeat(64)}.example`, "1.2.3"]) {
      yield* rejects("name", Resolver.lookup(name))
    }
    yield* rejects("family", Resolver.lookup("localhost", { family: 5 as 4 }))
  })
])
