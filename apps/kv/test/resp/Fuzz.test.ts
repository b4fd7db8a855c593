/**
 * Broken requests and replies by seed: 100,000 packets of each, or as many as `FUZZ_PACKETS` says.
 *
 * Each is read, wanted more of, or refused; in pieces as in one; and it never takes more memory
 * than was sent. What is read is run: no request brings the engine down.
 */
import { describe, expect, it } from "vitest"
import { Engine } from "../../src/Engine.ts"
import { type Bytes, bytesOf } from "../../src/resp/Ascii.ts"
import { MalformedReply, ReplyParser } from "./ReplyParser.ts"
import { ReplyWriter } from "../../src/resp/ReplyWriter.ts"
import { RequestParser } from "../../src/resp/RequestParser.ts"
import { request } from "../../src/resp/RequestWriter.ts"
import { Session } from "../../src/Session.ts"
import { Outbox } from "../../src/pubsub/Outbox.ts"
import { SeededDraws } from "../../../../packages/core/test/SeededDraws.ts"
import { mutated } from "../mutated.ts"

const packets = Number(process.env["FUZZ_PACKETS"] ?? 100_000)
const seeds = 10
const perSeed = Math.ceil(packets / seeds)
const timeout = Math.max(60_000, perSeed)
const everySeed = Array.from({ length: seeds }, (_, seed) => seed)

const KiB = 1024
const requestBytesMax = 16 * KiB

const makeEngine = () => {
  const engine = new Engine({
    seed: 1,
    memoryBytesMax: 64 * KiB,
    subscriberBytesMax: 4 * KiB,
    transactionBytesMax: 4 * KiB,
    configuration: new Map([["maxmemory", "65536"]])
  })
  engine.keyspace.now = 1_000
  return engine
}

const words = [
  "a",
  "b",
  "0",
  "-1",
  "1",
  "3",
  "foo",
  "nx",
  "ex",
  "match",
  "*",
  "count",
  "left",
  "10"
]

/** A request for any command, with about as many words as it takes. */
const anyRequest = (draws: SeededDraws, engine: Engine): Bytes => {
  const { arity, name } = draws.oneOf(engine.commands.all)
  const count = Math.max(0, Math.abs(arity) - 1 + (arity < 0 ? draws.below(4) : 0))
  return request(name, ...Array.from({ length: count }, () => draws.oneOf(words)))
}

/** How a parser takes `bytes` in two pieces, the first of `cut` bytes. */
const outcomesOf = (bytes: Bytes, cut: number): ReadonlyArray<string> => {
  const parser = new RequestParser(requestBytesMax)
  const outcomes: Array<string> = []
  let at = 0
  for (const end of [cut, bytes.length]) {
    for (;;) {
      const outcome = parser.parse(bytes, at, end)
      if (outcome === "Malformed") return [...outcomes, parser.problem]
      if (outcome === "Incomplete") break
      const { request: one } = parser
      outcomes.push(Array.from({ length: one.count }, (_, index) => one.text(index)).join(" "))
      at = parser.next
    }
  }
  return [...outcomes, `${bytes.length - at}`]
}

describe("broken requests are read or refused, and nothing else", () => {
  it.for(everySeed)(`${perSeed} packets with seed %s`, { timeout }, (seed) => {
    const draws = new SeededDraws(seed)
    const engine = makeEngine()
    const tally = { run: 0, refused: 0, incomplete: 0, different: 0 }
    for (let count = 0; count < perSeed; count++) {
      const reply = new ReplyWriter(16 * KiB)
      const session = new Session(count, reply, () => new Outbox(4 * KiB, () => {}))
      engine.sessions.set(count, session)
      const whole = [anyRequest(draws, engine), anyRequest(draws, engine)]
      const bytes = mutated(draws, Uint8Array.from(whole.flatMap((one) => Array.from(one))))
      const cut = draws.below(bytes.length + 1)
      if (outcomesOf(bytes, cut).join("\n") !== outcomesOf(bytes, bytes.length).join("\n")) {
        tally.different++
      }
      const parser = new RequestParser(requestBytesMax)
      for (let at = 0; ; at = parser.next) {
        const outcome = parser.parse(bytes, at, bytes.length)
        if (outcome === "Malformed") tally.refused++
        if (outcome === "Incomplete") tally.incomplete++
        if (outcome !== "Complete") break
        engine.execute(session, parser.request)
        tally.run++
      }
      engine.channels.leave(session)
      engine.forget(session)
      engine.sessions.delete(count)
    }
    expect(tally.different).toBe(0)
    expect(engine.keyspace.memoryBytes).toBeLessThanOrEqual(64 * KiB + requestBytesMax)
    expect(engine).toMatchObject({ queuedBytes: 0, watches: { size: 0 } })
    // Each way is taken, or the mutations are no good.
    for (const way of [tally.run, tally.refused, tally.incomplete]) {
      expect(way).toBeGreaterThan(perSeed / 100)
    }
  })
})

const replies = [
  "+OK\r\n",
  "-ERR no\r\n",
  ":42\r\n",
  "$3\r\nabc\r\n",
  "*2\r\n:1\r\n$1\r\na\r\n",
  "%1\r\n+a\r\n*1\r\n_\r\n",
  ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nx\r\n",
  ",1.5\r\n",
  "#t\r\n",
  "(123\r\n",
  "=5\r\ntxt:a\r\n",
  "!3\r\nERR\r\n",
  "~1\r\n:1\r\n"
].map(bytesOf)

describe("broken replies are read or refused, and nothing else", () => {
  it.for(everySeed)(`${perSeed} packets with seed %s`, { timeout }, (seed) => {
    const draws = new SeededDraws(seed)
    const limits = { lineBytesMax: 64, bulkBytesMax: 256, itemsMax: 64, depthMax: 4 }
    const parser = new ReplyParser(limits)
    const tally = { read: 0, refused: 0, incomplete: 0 }
    for (let count = 0; count < perSeed; count++) {
      const bytes = mutated(draws, draws.oneOf(replies))
      try {
        if (parser.parse(bytes, 0, bytes.length) === undefined) tally.incomplete++
        else tally.read++
      } catch (problem) {
        if (!(problem instanceof MalformedReply)) throw problem
        tally.refused++
      }
    }
    for (const way of Object.values(tally)) expect(way).toBeGreaterThan(perSeed / 100)
  })
})
