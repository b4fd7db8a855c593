/** Logs that are whole, torn and damaged, and what comes back from them. */
import { Files } from "@portico/core"
import { Sim } from "@portico/sim"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { Engine } from "../../src/Engine.ts"
import { dump } from "../../src/journal/dump.ts"
import * as LogHead from "../../src/journal/LogHead.ts"
import * as Record from "../../src/journal/Record.ts"
import { binaryText } from "../../src/resp/Ascii.ts"
import { request } from "../../src/resp/RequestWriter.ts"
import { SeededDraws } from "../../../../packages/core/test/SeededDraws.ts"
import { client, inEveryOrder, start } from "../KvWorld.ts"

const path = "/kv/kv.log"

const readLog = Files.readFile(path, { bytesMax: 16 * 1024 * 1024 })

/** Starts a server, lets `use` ask it, and stops it. */
const during = <A, E, R>(
  use: (one: Effect.Success<typeof client>, engine: Engine) => Effect.Effect<A, E, R>,
  options: Parameters<typeof start>[0] = {}
) =>
  Effect.gen(function* () {
    const server = yield* start(options)
    const one = yield* client
    const result = yield* use(one, server.engine)
    yield* one.stream.close
    yield* server.drain
    return result
  }).pipe(Effect.scoped)

/** All that an engine holds, in one text for each key. */
const contents = ({ keyspace }: Engine): ReadonlyArray<string> =>
  keyspace.entries
    // Those that are over may have gone or not.
    .filter(({ expiresAt }) => expiresAt > keyspace.now + 60_000)
    .map((entry) => {
      const parts: Array<string> = []
      dump(entry, {
        appendCommand: (...args) => {
          const [name, ...rest] = args.map((one) =>
            typeof one === "object" ? binaryText(one) : String(one)
          )
          // The order of a hash's fields is nobody's business.
          parts.push([name, ...(name === "HSET" ? rest.toSorted() : rest)].join(" "))
        }
      })
      return parts.join("|")
    })
    .toSorted()

const recovered = during((_, engine) => Effect.sync(() => contents(engine)))

const words = ["a", "b", "c", "1", "2", "foo", "-1", "0", "left", "right", "PX", "7", "5000000"]

/** Requests of every kind that changes something. */
const drawRequest = (draws: SeededDraws, engine: Engine): ReadonlyArray<string> => {
  const changing = engine.commands.all.filter(
    ({ kind, name }) => kind === "grow" || (kind === "write" && !name.startsWith("flush"))
  )
  const { arity, name } = draws.oneOf(changing)
  const count = Math.abs(arity) - 1 + (arity < 0 ? draws.below(4) : 0)
  return [name, ...Array.from({ length: count }, () => draws.oneOf(words))]
}

/** Whole lives of servers, which a busy machine holds up. */
const timeout = 30_000

describe("what is recovered", { timeout }, () => {
  it.for([
    ["from the log", 1_000_000],
    ["from a log that is rewritten all the time", 2_000]
  ] as const)("%s is what was there, whatever was asked", ([, rewriteBytesMin]) =>
    inEveryOrder(
      Effect.gen(function* () {
        const draws = new SeededDraws(rewriteBytesMin)
        const before = yield* during(
          (one, engine) =>
            Effect.gen(function* () {
              const other = yield* client
              for (let count = 0; count < 250; count++) {
                const asking = draws.below(2) === 0 ? one : other
                if (draws.below(50) === 0) yield* Effect.sleep(draws.below(3_000))
                if (draws.below(100) === 0) yield* asking.ask("FLUSHALL")
                if (draws.below(10) > 0) {
                  yield* asking.ask(...drawRequest(draws, engine))
                  continue
                }
                yield* asking.ask("MULTI")
                yield* asking.ask(...drawRequest(draws, engine))
                yield* asking.ask(...drawRequest(draws, engine))
                yield* asking.ask("EXEC")
              }
              yield* one.ask("SET", "last", "1")
              yield* other.stream.close
              return contents(engine)
            }),
          { rewriteBytesMin }
        )
        expect(yield* recovered).toStrictEqual(before)
      }),
      3
    )
  )

  it("is also what was asked while the log was rewritten at a client's wish", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const before = yield* during((one, engine) =>
          Effect.gen(function* () {
            for (let count = 0; count < 300; count++) yield* one.ask("RPUSH", `l${count}`, "x")
            const long = (yield* readLog).length
            expect(yield* one.ask("BGREWRITEAOF")).toContain("started")
            const other = yield* client
            for (let count = 0; count < 300; count++) {
              yield* other.ask("RPUSH", `l${(count * 7) % 300}`, "y")
              yield* other.ask("DEL", `l${(count * 11) % 300}`)
            }
            while (!String(yield* one.ask("INFO")).includes("aof_rewrites:1")) {
              yield* Effect.sleep("1 millis")
            }
            yield* one.ask("BGREWRITEAOF")
            while (!String(yield* one.ask("INFO")).includes("aof_rewrites:2")) {
              yield* Effect.sleep("1 millis")
            }
            expect((yield* readLog).length).toBeLessThan(long)
            yield* other.stream.close
            return contents(engine)
          })
        )
        expect(yield* recovered).toStrictEqual(before)
      }),
      3
    ))

  it("of a torn log is all that is whole, wherever it was torn", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* during((one) =>
          Effect.gen(function* () {
            yield* one.ask("SET", "a", "1")
            yield* one.ask("SET", "b", "2")
          })
        )
        const whole = yield* readLog
        const record = Record.headerBytes + request("SET", "a", "1").length
        for (let end = 0; end < whole.length; end++) {
          yield* Files.writeFile(path, whole.subarray(0, end))
          const keys = Math.max(0, Math.floor((end - LogHead.length) / record))
          expect(yield* recovered, `${end} bytes`).toHaveLength(keys)
          const left = LogHead.length + keys * record
          expect((yield* readLog).length, `${end} bytes`).toBe(left)
        }
      }),
      1
    ))

  it("of a log whose end is garbage is all that is whole, and it goes on from there", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* during((one) => one.ask("SET", "a", "1"))
        const whole = yield* readLog
        for (const garbage of [[0], [255, 255, 255, 255], new Uint8Array(5_000), whole]) {
          yield* Files.writeFile(path, Uint8Array.from([...whole, ...garbage]))
          yield* during((one) => one.ask("SET", "b", "2"))
          expect(yield* recovered).toStrictEqual(["SET a 1", "SET b 2"])
        }
      }),
      1
    ))

  it("of a torn end takes no longer when clients wrote there what looks like records", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* during((one) => one.ask("SET", "a", "1"))
        const whole = yield* readLog
        const torn = new DataView(new ArrayBuffer(4 * 1024 * 1024))
        // Each says that half of the file follows it, and that it was durable up to there.
        for (let at = 0; at < torn.byteLength; at += Record.headerBytes) {
          torn.setUint32(at, (torn.byteLength - at) >> 1, true)
          torn.setUint32(at + 8, whole.length + at, true)
        }
        yield* Files.writeFile(path, Uint8Array.from([...whole, ...new Uint8Array(torn.buffer)]))
        expect(yield* recovered).toStrictEqual(["SET a 1"])
      }),
      1
    ))

  it("is nothing when a byte that was durable is broken: the server does not start", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* during((one) =>
          Effect.forEach(["a", "b", "c"], (key) => one.ask("SET", key, "1"), { discard: true })
        )
        const whole = yield* readLog
        const third = whole.length - Record.headerBytes - request("SET", "a", "1").length
        for (let at = 0; at < third; at++) {
          const broken = whole.slice()
          broken[at]! ^= 0x10
          yield* Files.writeFile(path, broken)
          const error = yield* Effect.flip(recovered)
          expect(error, `byte ${at}`).toMatchObject({ _tag: "DamagedLog" })
          expect(yield* readLog).toStrictEqual(broken)
        }
      }),
      1
    ))
})

describe("what was let in", { timeout }, () => {
  /** Lists, hashes and keys with an end, until there is no room for any. */
  const fill = (one: Effect.Success<typeof client>) =>
    Effect.gen(function* () {
      yield* one.ask("HSET", "h", "f", "1")
      const kinds = [
        (count: number) => one.ask("RPUSH", "l", `item ${count}`),
        (count: number) => one.ask("HSET", "h", `field ${count}`, count),
        (count: number) => one.ask("SET", `key ${count}`, count)
      ]
      for (const [at, add] of kinds.entries()) {
        for (let count = 0; count < (at + 1) * 60; count++) {
          if (String(yield* add(count)).startsWith("!OOM")) break
          if (at === 2) yield* one.ask("EXPIRE", `key ${count}`, 1_000_000)
        }
      }
      expect(yield* one.ask("SET", "more", "1")).toContain("!OOM")
    })

  const rewriting = (one: Effect.Success<typeof client>) =>
    Effect.gen(function* () {
      yield* one.ask("BGREWRITEAOF")
      while (!String(yield* one.ask("INFO")).includes("aof_rewrites:1")) {
        yield* Effect.sleep("1 millis")
      }
    })

  it("comes back from a log that asks for it in other pieces", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const options = { memoryBytesMax: 50_000 }
        const before = yield* during(
          (one, engine) =>
            Effect.gen(function* () {
              yield* fill(one)
              yield* rewriting(one)
              return contents(engine)
            }),
          options
        )
        const after = yield* during((_, engine) => Effect.sync(() => contents(engine)), options)
        expect(after).toStrictEqual(before)
      }),
      3
    ))

  it("comes back where less is allowed now, and then nothing more is let in", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const before = yield* during(
          (one, engine) => Effect.as(fill(one), engine).pipe(Effect.map(contents)),
          { memoryBytesMax: 50_000 }
        )
        yield* during(
          (one, engine) =>
            Effect.gen(function* () {
              expect(contents(engine)).toStrictEqual(before)
              expect(yield* one.ask("SET", "more", "1")).toContain("!OOM")
              expect(yield* one.ask("DEL", "l")).toBe(1)
            }),
          { memoryBytesMax: 10_000 }
        )
      }),
      3
    ))

  it("comes back from records of some 4 MiB, however long its key is", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const item = "x".repeat(300_000)
        const before = yield* during((one, engine) =>
          Effect.gen(function* () {
            for (let count = 0; count < 40; count++) yield* one.ask("RPUSH", "l", `${count}${item}`)
            yield* rewriting(one)
            return contents(engine)
          })
        )
        const { found } = yield* Effect.scoped(start())
        expect(found).toContain("keys=1 records=3 ")
        expect(yield* recovered).toStrictEqual(before)
      }),
      1
    ))
})

describe("a server whose disk fails", { timeout }, () => {
  it("answers nobody who would have to rely on it, and stops", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { disk } = yield* Sim.Sim
        const server = yield* start()
        const one = yield* client
        yield* one.ask("SET", "a", "1")
        yield* disk.failNext("sync", 1)
        yield* one.send("SET", "a", "2")
        const error = yield* Effect.flip(server.stopped)
        expect(error).toMatchObject({ reason: { _tag: "DeviceError" } })
        expect(yield* Effect.timeoutOption(one.receive, "10 seconds")).toMatchObject({
          _tag: "None"
        })
      })
    ))

  it("when there is no room for a new log goes on with the old one", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { disk } = yield* Sim.Sim
        yield* during((one) =>
          Effect.gen(function* () {
            for (let count = 0; count < 50; count++) yield* one.ask("SET", `key${count}`, "1")
            yield* disk.failNext("write", 1)
            yield* one.ask("BGREWRITEAOF")
            while (!String(yield* one.ask("INFO")).includes("bgrewrite_status:err")) {
              yield* Effect.sleep("1 millis")
            }
            expect(yield* one.ask("SET", "key0", "2")).toBe("OK")
          })
        )
        expect(yield* recovered).toContain("SET key0 2")
        expect(yield* recovered).toHaveLength(50)
      }),
      3
    ))

  it("when the new log takes the old one's place stops: either may be there", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const { disk } = yield* Sim.Sim
        yield* Effect.scoped(
          Effect.gen(function* () {
            const server = yield* start()
            const one = yield* client
            yield* one.ask("SET", "a", "1")
            yield* disk.failNext("metadata", 1)
            yield* one.ask("BGREWRITEAOF")
            expect(yield* Effect.flip(server.stopped)).toMatchObject({
              reason: { _tag: "DeviceError" }
            })
          })
        )
        expect(yield* recovered).toStrictEqual(["SET a 1"])
      }),
      3
    ))
})
