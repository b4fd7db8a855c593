/** Laws of connecting to names: RFC 8305, step by step. */
import { Address, Backend, IoError, Reason, Tcp } from "@portico/core"
import type { InetPortAddress } from "@portico/core/port"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import { listeningOn, portOf } from "../Connections.ts"
import { equals, equalsAll, failsWith, rejects } from "../Expectation.ts"
import { withPorts } from "../FaultyPorts.ts"
import { handleCount } from "../HandleList.ts"
import { type BackendServices, law, lawGroup } from "../Law.ts"
import type { LawFailure } from "../LawFailure.ts"
import { type LawAttempt, makeNameRace, type NameRace } from "../NameRace.ts"
import { settle } from "../Turns.ts"

const { ConnectionRefused, HostUnreachable, NameNotFound, NoData, ServerFailure, TimedOut } =
  Reason.Reason

/** Longer than a law takes, so that what happens is not for the delay's sake. */
const never = "10 seconds"
const soon = "10 millis"

const ipv6 = (last: number) => `2001:db8::${last}`
const ipv4 = (last: number) => `192.0.2.${last}`

const raceLaw = (
  id: string,
  sentence: string,
  body: (
    race: NameRace,
    listener: InetPortAddress
  ) => Effect.Effect<void, LawFailure | IoError.IoError, BackendServices | Scope.Scope>
) =>
  law(id, sentence, function* () {
    const listener = yield* Tcp.listen({ port: 0 })
    const race = makeNameRace()
    const address: InetPortAddress = {
      _tag: "Inet",
      host: "127.0.0.1",
      port: portOf(listener.address)
    }
    yield* withPorts(race.change, Effect.scoped(body(race, address)))
  })

const hosts = ({ attempts }: NameRace) => attempts.map(({ host }) => host)
const cancelled = ({ attempts }: NameRace) => attempts.map(({ isCancelled }) => isCancelled)

/** The attempt connects. */
const wins = (attempt: LawAttempt, listener: InetPortAddress) =>
  Effect.map(attempt.dial(listener), (stream) => attempt.succeed(stream))

const causes = (error: IoError.IoError): ReadonlyArray<string> =>
  error.cause instanceof AggregateError
    ? error.cause.errors.map((one: unknown) =>
        IoError.isIoError(one) ? `${one.address ?? "lookup"} ${one.reason._tag}` : "?"
      )
    : []

const attemptAt = (host: string) => Address.formatInput({ host, port: 80 })

export const HappyEyeballsLaws = lawGroup("Connecting to names", [
  raceLaw("HE-01", "when the first address works, no second attempt is made", (race, listener) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(race.connect({ attemptDelay: never }))
      yield* race.answer(6, ipv6(1), ipv6(2))
      yield* race.answer(4, ipv4(1))
      yield* race.begun(1)
      yield* wins(race.attempts[0]!, listener)
      const stream = yield* Fiber.join(fiber)
      yield* equals(Address.format(yield* stream.peerAddress), attemptAt(ipv6(1)), "peer")
      yield* settle
      yield* equalsAll(hosts(race), [ipv6(1)], "attempts")
      yield* equals(yield* handleCount, 1, "handles")
    })
  ),

  raceLaw("HE-03", "an attempt that fails fast starts the next at once", (race, listener) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(race.connect({ attemptDelay: never }))
      yield* race.answer(6, ipv6(1))
      yield* race.answer(4, ipv4(1))
      yield* race.begun(1)
      race.attempts[0]!.fail()
      yield* equalsAll(hosts(race), [ipv6(1), ipv4(1)], "attempts")
      yield* wins(race.attempts[1]!, listener)
      yield* Fiber.join(fiber)
    })
  ),

  raceLaw("HE-04", "an earlier attempt that succeeds while later ones run wins", (race, listener) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(race.connect({ attemptDelay: soon }))
      yield* race.answer(6, ipv6(1))
      yield* race.answer(4, ipv4(1), ipv4(2))
      yield* awaitDelays(race, 3)
      yield* wins(race.attempts[0]!, listener)
      yield* Fiber.join(fiber)
      yield* equalsAll(cancelled(race), [false, true, true], "attempts given up")
      yield* equals(yield* handleCount, 1, "handles")
    })
  ),

  raceLaw(
    "HE-05",
    "of two that succeed in one turn one is returned, the other closed",
    (race, at) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(race.connect({ attemptDelay: soon }))
        yield* race.answer(6, ipv6(1))
        yield* race.answer(4, ipv4(1))
        yield* awaitDelays(race, 2)
        const [first, second] = race.attempts
        const streams = [yield* first!.dial(at), yield* second!.dial(at)] as const
        const { turn } = yield* Backend.Backend
        turn.enter()
        first!.succeed(streams[0])
        second!.succeed(streams[1])
        turn.leave()
        yield* Fiber.join(fiber)
        yield* equalsAll(cancelled(race), [false, true], "attempts given up")
        yield* equals(yield* handleCount, 1, "handles")
      })
  ),

  raceLaw("HE-07", "families are interleaved, IPv6 first, and no address is tried twice", (race) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(race.connect({ attemptDelay: never }))
      yield* race.answer(4, ipv4(1), ipv4(2))
      yield* race.answer(6, ipv6(1), ipv6(2), ipv6(2), ipv6(3), ipv6(4))
      for (let count = 1; count <= 6; count++) {
        yield* race.begun(count)
        race.attempts[count - 1]!.fail()
      }
      yield* failsWith("ConnectionRefused", Fiber.join(fiber))
      const expected = [ipv6(1), ipv4(1), ipv6(2), ipv4(2), ipv6(3), ipv6(4)]
      yield* equalsAll(hosts(race), expected, "attempts")
    })
  ),

  raceLaw(
    "HE-08",
    "IPv6 addresses that come within the resolution delay go first",
    (race, listener) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(race.connect({ resolutionDelay: never }))
        yield* race.answer(4, ipv4(1))
        yield* settle
        yield* equals(race.attempts.length, 0, "attempts before IPv6 is known")
        yield* race.answer(6, ipv6(1))
        yield* race.begun(1)
        yield* equals(race.attempts[0]!.host, ipv6(1), "first")
        yield* wins(race.attempts[0]!, listener)
        yield* Fiber.join(fiber)
      })
  ),

  raceLaw(
    "HE-20",
    "after the resolution delay IPv4 starts alone; IPv6 joins when it comes",
    (race, at) =>
      Effect.gen(function* () {
        const connecting = race.connect({ resolutionDelay: soon, attemptDelay: never })
        const fiber = yield* Effect.forkChild(connecting)
        yield* race.answer(4, ipv4(1), ipv4(2))
        yield* awaitDelays(race, 1)
        yield* equals(race.attempts[0]!.host, ipv4(1), "first")
        yield* race.answer(6, ipv6(1))
        race.attempts[0]!.fail()
        yield* race.begun(2)
        yield* settle
        race.attempts.at(-1)!.fail()
        yield* race.begun(3)
        yield* equalsAll(hosts(race).toSorted(), [ipv4(1), ipv4(2), ipv6(1)].toSorted(), "attempts")
        yield* wins(race.attempts[2]!, at)
        yield* Fiber.join(fiber)
      })
  ),

  raceLaw("HE-21", "that there is no IPv6 starts IPv4 at once", (race, listener) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(race.connect({ resolutionDelay: never }))
      yield* race.answer(4, ipv4(1))
      yield* race.deny(6, NoData())
      yield* race.begun(1)
      yield* wins(race.attempts[0]!, listener)
      yield* Fiber.join(fiber)
    })
  ),

  raceLaw("HE-09", "no address, and no answer for either family, are two outcomes", () =>
    Effect.gen(function* () {
      const outcomes = [
        [NoData(), NoData(), "NoData"],
        [NameNotFound(), NoData(), "NameNotFound"],
        [NoData(), TimedOut(), "TimedOut"],
        [ServerFailure({ code: "SERVFAIL" }), NoData(), "ServerFailure"]
      ] as const
      for (const [six, four, expected] of outcomes) {
        const race = makeNameRace()
        yield* race.deny(6, six)
        yield* race.deny(4, four)
        const error = yield* failsWith(expected, race.connect())
        yield* equalsAll(causes(error), [`lookup ${six._tag}`, `lookup ${four._tag}`], "causes")
        yield* equals(error.address, attemptAt("host.example"), "address")
      }
    })
  ),

  raceLaw("HE-22", "one family that cannot be looked up leaves the other", (race, listener) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(race.connect())
      yield* race.deny(6, ServerFailure({ code: "SERVFAIL" }))
      yield* race.answer(4, ipv4(1))
      yield* race.begun(1)
      yield* wins(race.attempts[0]!, listener)
      yield* Fiber.join(fiber)
    })
  ),

  raceLaw("HE-23", "when all fail, each failure is told, in the order of the attempts", (race) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(race.connect({ attemptDelay: soon }))
      yield* race.deny(6, NoData())
      yield* race.answer(4, ipv4(1), ipv4(2), ipv4(3))
      yield* awaitDelays(race, 3)
      race.attempts[2]!.fail(ConnectionRefused())
      race.attempts[0]!.fail(HostUnreachable())
      race.attempts[1]!.fail(TimedOut())
      const error = yield* failsWith("ConnectionRefused", Fiber.join(fiber))
      const expected = [
        "lookup NoData",
        `${attemptAt(ipv4(1))} HostUnreachable`,
        `${attemptAt(ipv4(2))} TimedOut`,
        `${attemptAt(ipv4(3))} ConnectionRefused`
      ]
      yield* equalsAll(causes(error), expected, "causes")
    })
  ),

  raceLaw("HE-11", "an attempt that is slow is overtaken, and not given up", (race, listener) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(race.connect({ attemptDelay: soon }))
      yield* race.answer(6, ipv6(1))
      yield* race.answer(4, ipv4(1))
      yield* awaitDelays(race, 2)
      race.attempts[1]!.fail()
      yield* Effect.sleep("50 millis")
      yield* equals(race.attempts[0]!.isCancelled, false, "given up")
      yield* wins(race.attempts[0]!, listener)
      yield* Fiber.join(fiber)
    })
  ),

  raceLaw("HE-24", "interrupted, it gives up its attempts and its lookups at once", (race) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(
        race.connect({ attemptDelay: soon, resolutionDelay: 0 })
      )
      yield* race.answer(4, ipv4(1), ipv4(2))
      yield* awaitDelays(race, 2)
      yield* Fiber.interrupt(fiber)
      yield* equalsAll(cancelled(race), [true, true], "attempts given up")
      yield* race.answer(6, ipv6(1))
      yield* settle
      yield* equals(race.attempts.length, 2, "attempts")
      yield* equals(yield* handleCount, 0, "handles")
    })
  ),

  raceLaw("HE-29", "interrupted while its lookups begin, it gives up its attempts", (race) =>
    Effect.gen(function* () {
      yield* race.answer(6, ipv6(1))
      yield* race.answer(4, ipv4(1))
      const fiber = yield* Effect.forkChild(race.connect({ attemptDelay: never }))
      race.onAsked = () => fiber.interruptUnsafe()
      yield* Fiber.await(fiber)
      yield* settle
      yield* equalsAll(cancelled(race), [true], "attempts given up")
      yield* equals(yield* handleCount, 0, "handles")
    })
  ),

  raceLaw("HE-25", "timeout bounds lookups and attempts together", (race) =>
    Effect.gen(function* () {
      const error = yield* failsWith("TimedOut", race.connect({ timeout: "20 millis" }))
      yield* equals(error.address, attemptAt("host.example"), "address")
      yield* equals(race.attempts.length, 0, "attempts")
    })
  ),

  raceLaw("HE-26", "a local address asks for its own family only", (race, listener) =>
    Effect.gen(function* () {
      const local = { host: "127.0.0.1", port: 0 }
      const fiber = yield* Effect.forkChild(race.connect({ local }))
      yield* race.answer(4, ipv4(1))
      yield* race.begun(1)
      yield* equalsAll(race.asked, [4], "families asked for")
      yield* wins(race.attempts[0]!, listener)
      yield* Fiber.join(fiber)
    })
  ),

  law("HE-27", "a name below localhost reaches a listener on either loopback", function* () {
    for (const host of ["127.0.0.1", "::1"] as const) {
      const listener = yield* listeningOn(host)
      const stream = yield* Tcp.connect({ host: "app.localhost", port: portOf(listener.address) })
      yield* equals(
        Address.format(yield* stream.peerAddress),
        Address.format(listener.address),
        "peer"
      )
    }
  }),

  law("HE-28", "delays out of their bounds are refused, naming them", function* () {
    const connect = { host: "host.example", port: 80 }
    yield* rejects("attemptDelay", Tcp.connect({ ...connect, attemptDelay: 9 }))
    yield* rejects("attemptDelay", Tcp.connect({ ...connect, attemptDelay: "11 seconds" }))
    yield* rejects("resolutionDelay", Tcp.connect({ ...connect, resolutionDelay: -1 }))
    yield* rejects("resolutionDelay", Tcp.connect({ ...connect, resolutionDelay: "11 seconds" }))
  })
])

/** Waits for attempts that a delay begins; a sleep lets virtual time go on. */
function awaitDelays(race: NameRace, count: number): Effect.Effect<void> {
  return Effect.suspend(() =>
    race.attempts.length >= count
      ? Effect.void
      : Effect.andThen(Effect.sleep("1 millis"), awaitDelays(race, count))
  )
}
