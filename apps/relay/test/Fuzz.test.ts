/**
 * Mutated handshakes by seed: 100,000 of them read, or as many as `FUZZ_PACKETS` says (nightly:
 * 10,000,000), and a fiftieth of them sent to a relay that runs. A failure names its seed, which
 * replays it.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import { EventLoop, IoError, Reason, Tcp } from "@portico/core"
import { Sim, SimBackend } from "@portico/sim"
import { describe, expect, it } from "vitest"
import { SeededDraws } from "../../../packages/core/test/SeededDraws.ts"
import { Credentials } from "../src/socks/Credentials.ts"
import { negotiate } from "../src/socks/negotiate.ts"
import * as Reply from "../src/socks/Reply.ts"
import { drawHandshake, mutate, type Names } from "./DrawnHandshake.ts"
import { echo, startRelay, startTarget } from "./RelayWorld.ts"

const handshakes = Number(process.env["FUZZ_PACKETS"] ?? 100_000)
const seeds = Array.from({ length: 20 }, (_, seed) => seed)
const perSeed = Math.ceil(handshakes / seeds.length)
const sentPerSeed = Math.ceil(perSeed / 50)

const ann: Names = { name: "ann", password: "lavender" }
const onlyAnn = new Credentials([{ name: ann.name, password: Redacted.make(ann.password) }])

/** A client whose every byte is there. */
class Recorded {
  readonly bytes: Uint8Array
  taken = 0
  readonly written: Array<number> = []

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  readExactly(count: number): Effect.Effect<Uint8Array, IoError.IoError> {
    const end = this.taken + count
    if (count >= 1 && end <= this.bytes.length) {
      const chunk = this.bytes.slice(this.taken, end)
      this.taken = end
      return Effect.succeed(chunk)
    }
    const bytesAvailable = this.bytes.length - this.taken
    const reason =
      count < 1
        ? Reason.Reason.InvalidArgument({
            argument: "bytes",
            bound: "1 or more",
            value: `${count}`
          })
        : Reason.Reason.UnexpectedEnd({ bytesExpected: count, bytesAvailable })
    return Effect.fail(new IoError.IoError({ operation: "TcpStream.readExactly", reason }))
  }

  write(bytes: Uint8Array): Effect.Effect<void> {
    return Effect.sync(() => void this.written.push(...bytes))
  }
}

/** What a handshake came to: a tunnel's target, or the word for why there is none. */
const outcomeOf = (bytes: Uint8Array, user: Names | undefined) =>
  Effect.gen(function* () {
    const client = new Recorded(bytes)
    const exit = yield* Effect.exit(negotiate(client, user === undefined ? undefined : onlyAnn))
    if (Exit.isSuccess(exit)) {
      const { host, port } = exit.value.target
      return { target: `${host} ${port}`, user: exit.value.user, taken: client.taken }
    }
    // Of two reasons, or a defect, there is no such thing.
    const [reason, ...others] = exit.cause.reasons
    if (others.length > 0 || reason?._tag !== "Fail") return `broken: ${String(exit.cause)}`
    const { error } = reason
    if (error._tag === "SocksError") {
      const [version, ...rest] = Reply.refusalOf(error)
      return [1, 9].includes(rest.length) && version! <= 5 ? "refused" : "broken: no reply"
    }
    if (error._tag === "AuthenticationFailed") return "refused"
    return error.reason._tag === "UnexpectedEnd" ? "ended" : `broken: ${error.message}`
  })

describe("mutated handshakes are refused or read, and nothing else", () => {
  const timeout = Math.max(10_000, perSeed)

  it.each(seeds)(
    `${perSeed} with seed %s`,
    (seed) => {
      const draws = new SeededDraws(seed)
      const seen = { served: 0, refused: 0, ended: 0 }
      const program = Effect.gen(function* () {
        for (let count = 0; count < perSeed; count++) {
          const user = draws.oneOf([undefined, ann])
          const handshake = drawHandshake(draws, user)
          const isWhole = draws.below(50) === 0
          const bytes = isWhole ? handshake.bytes : mutate(draws, handshake.bytes)
          const outcome = yield* outcomeOf(bytes, user)
          const flaw = `Handshake ${count}: ${JSON.stringify(outcome)}: ${bytes.join(" ")}`
          if (typeof outcome === "string") {
            if (isWhole || (outcome !== "refused" && outcome !== "ended")) return flaw
            seen[outcome]++
          } else {
            const isRight = outcome.target === `${handshake.host} ${handshake.port}`
            if (outcome.user !== user?.name || (isWhole && !isRight)) return flaw
            // No message of a handshake is longer than that of credentials.
            if (outcome.taken > 257 + 513 + 262) return flaw
            seen.served++
          }
        }
        return "none"
      })
      expect(Effect.runSync(program)).toBe("none")
      // Every way is taken, or the mutations are no good.
      expect(Math.min(...Object.values(seen))).toBeGreaterThan(perSeed / 100)
    },
    timeout
  )
})

/** Sends a handshake in pieces, and leaves in one of four ways. */
const visit = Effect.fnUntraced(function* (
  address: { readonly port: number },
  bytes: Uint8Array,
  draws: SeededDraws
) {
  const stream = yield* Tcp.connect(address)
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + draws.below(40)
    yield* stream.write(bytes.subarray(at, end))
    at = end
    if (draws.below(4) === 0) yield* Effect.sleep(Duration.millis(draws.below(100)))
  }
  const leave = draws.below(4)
  if (leave === 0) yield* stream.shutdown
  if (leave === 1) yield* stream.reset
  if (leave === 2) yield* Effect.sleep(Duration.millis(draws.below(100)))
  while ((yield* stream.readBorrowed).length > 0);
}, Effect.scoped)

describe("mutated handshakes leave nothing behind in a relay that runs", () => {
  const timeout = Math.max(10_000, 20 * sentPerSeed)

  it.each(seeds)(
    `${sentPerSeed} with seed %s`,
    (seed) => {
      const draws = new SeededDraws(seed)
      const problems: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => {
        if (logLevel === "Error") problems.push(String(message))
      })
      const user = draws.oneOf([undefined, ann])
      const flood = Effect.gen(function* () {
        const sim = yield* Sim.Sim
        yield* sim.setHost("app.internal", { addresses: ["::1", "127.0.0.1"] })
        yield* sim.setHost("xn--bcher-kva.test", { delay: "1 hour" })
        const port = yield* startTarget(echo, "localhost")
        const { server, statistics } = yield* startRelay({
          mode: { _tag: "Socks5", credentials: user === undefined ? undefined : onlyAnn }
        })
        const address = {
          port: server.address._tag === "UnixPathAddress" ? 0 : server.address.port
        }
        const visits = Array.from({ length: sentPerSeed }, () => {
          const { bytes } = drawHandshake(draws, user, port)
          const isWhole = draws.below(10) === 0
          return Effect.ignore(visit(address, isWhole ? bytes : mutate(draws, bytes), draws))
        })
        yield* Effect.all(visits, { concurrency: 20, discard: true })
        // Whoever is left in a handshake, an attempt to connect or a silent tunnel.
        yield* Effect.sleep("2 minutes")
        expect(yield* server.connections).toBe(0)
        return statistics.text
      })
      const program = Effect.gen(function* () {
        const text = yield* Effect.scoped(flood)
        expect(yield* EventLoop.EventLoop.use(({ handles }) => handles)).toHaveLength(0)
        return text
      }).pipe(Effect.provide(Logger.layer([logger])))
      const exit = SimBackend.runSync(program, { seed, order: "random" })
      if (Exit.isFailure(exit)) throw new Error(String(exit.cause))
      // One more for each request that leads to the relay itself.
      const [, accepted] = /^accepted=(\d+) open=0 /.exec(exit.value) ?? []
      expect(Number(accepted)).toBeGreaterThanOrEqual(sentPerSeed)
      expect(exit.value).toMatch(/ finished=[1-9].* unreachable=\d+ refused=[1-9].* failed=0$/)
      expect(problems).toStrictEqual([])
    },
    timeout
  )
})
