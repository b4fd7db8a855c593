/** Each command by what it says, in Redis's words. */
import { describe, expect, it } from "vitest"
import type { Plain } from "../Client.ts"
import { Console, makeEngine } from "../Console.ts"

/** Lines in turn: what is said, and what the answer is. */
type Script = ReadonlyArray<readonly [line: string, reply: Plain]>

const wrongType = "!WRONGTYPE Operation against a key holding the wrong kind of value"
const notInteger = "!ERR value is not an integer or out of range"
const syntax = "!ERR syntax error"

const scripts: Readonly<Record<string, Script>> = {
  strings: [
    ["GET a", null],
    ["SET a 1", "OK"],
    ["get a", "1"],
    ["SET a 22 NX", null],
    ["SET a 22 XX", "OK"],
    ["SET b 1 XX", null],
    ["SET a 333 GET", "22"],
    ["SET c 1 GET", null],
    ["SET a 1 NX XX", syntax],
    ["SET a 1 EX 10 PX 10", syntax],
    ["SET a 1 EX 0", "!ERR invalid expire time in 'set' command"],
    ["SET a 1 EX x", notInteger],
    ["SET a 1 EX 10", "OK"],
    ["SET a 2 KEEPTTL", "OK"],
    ["TTL a", 10],
    ["SET a 2", "OK"],
    ["TTL a", -1],
    ["SETNX a 1", 0],
    ["SETNX d 1", 1],
    ["SETEX e 5 x", "OK"],
    ["PTTL e", 5_000],
    ["PSETEX e 7 x", "OK"],
    ["PTTL e", 7],
    ["MSET a 1 b 2", "OK"],
    ["MSET a 1 b", "!ERR wrong number of arguments for 'mset' command"],
    ["MGET a b nope", ["1", "2", null]],
    ["MSETNX a 9 z 9", 0],
    ["MSETNX y 9 z 9", 1],
    ["GETSET a 7", "1"],
    ["GETDEL a", "7"],
    ["GETDEL a", null],
    ["APPEND a foo", 3],
    ["APPEND a bar", 6],
    ["STRLEN a", 6],
    ["GETRANGE a 1 -2", "ooba"],
    ["GETRANGE a 4 2", ""],
    ["SETRANGE a 4 XYZ", 7],
    ["GET a", "foobXYZ"],
    ["SETRANGE new 2 x", 3],
    ["GET new", "\0\0x"],
    ["SETRANGE a -1 x", "!ERR offset is out of range"],
    ["SETRANGE a 999999999 x", "!ERR string exceeds maximum allowed size (536870912 bytes)"]
  ],
  counters: [
    ["INCR n", 1],
    ["INCRBY n 41", 42],
    ["DECR n", 41],
    ["DECRBY n 50", -9],
    ["SET n 9223372036854775807", "OK"],
    ["INCR n", "!ERR increment or decrement would overflow"],
    ["DECRBY n -9223372036854775808", "!ERR decrement would overflow"],
    ["SET n x", "OK"],
    ["INCR n", notInteger],
    ["SET f 10.50", "OK"],
    ["INCRBYFLOAT f 0.1", "10.6"],
    ["INCRBYFLOAT f -5", "5.6"],
    ["INCRBYFLOAT f x", "!ERR value is not a valid float"],
    ["INCRBYFLOAT f inf", "!ERR increment would produce NaN or Infinity"],
    ["RPUSH l 1", 1],
    ["INCR l", wrongType]
  ],
  expiry: [
    ["EXPIRE a 10", 0],
    ["TTL a", -2],
    ["SET a 1", "OK"],
    ["EXPIRE a 10", 1],
    ["TTL a", 10],
    ["EXPIRE a 20 NX", 0],
    ["EXPIRE a 20 XX", 1],
    ["EXPIRE a 10 GT", 0],
    ["EXPIRE a 10 LT", 1],
    ["EXPIRE a 1 NX XX", "!ERR NX and XX, GT or LT options at the same time are not compatible"],
    ["PEXPIRETIME a", 1_010_000],
    ["EXPIRETIME a", 1_010],
    ["PERSIST a", 1],
    ["PERSIST a", 0],
    ["PEXPIREAT a 1002000", 1],
    ["PTTL a", 2_000],
    ["GETEX a PERSIST", "1"],
    ["TTL a", -1],
    ["GETEX a EX 5", "1"],
    ["TTL a", 5],
    ["RENAME a b", "OK"],
    ["TTL b", 5],
    ["EXPIRE b -1", 1],
    ["EXISTS b", 0]
  ],
  keys: [
    ["MSET a 1 b 2 c 3", "OK"],
    ["EXISTS a a nope", 2],
    ["DEL a nope", 1],
    ["UNLINK b", 1],
    ["DBSIZE", 1],
    ["TYPE c", "string"],
    ["TYPE nope", "none"],
    ["RENAME nope x", "!ERR no such key"],
    ["RENAME c c", "OK"],
    ["SET d 4", "OK"],
    ["RENAMENX c d", 0],
    ["RENAMENX c e", 1],
    ["KEYS [e]", ["e"]],
    ["SCAN 0 MATCH d", ["0", ["d"]]],
    ["SCAN 0 TYPE list", ["0", []]],
    ["SCAN x", "!ERR invalid cursor"],
    ["SCAN 0 COUNT 0", syntax],
    ["DEL d", 1],
    ["RANDOMKEY", "e"],
    ["FLUSHALL", "OK"],
    ["RANDOMKEY", null],
    ["DBSIZE", 0]
  ],
  lists: [
    ["RPUSH l a b c", 3],
    ["LPUSH l z y", 5],
    ["LRANGE l 0 -1", ["y", "z", "a", "b", "c"]],
    ["LRANGE l -2 -1", ["b", "c"]],
    ["LRANGE l 5 9", []],
    ["LLEN l", 5],
    ["LINDEX l -1", "c"],
    ["LINDEX l 9", null],
    ["LSET l 0 Y", "OK"],
    ["LSET l 9 x", "!ERR index out of range"],
    ["LSET nope 0 x", "!ERR no such key"],
    ["LPOP l", "Y"],
    ["RPOP l 2", ["c", "b"]],
    ["LPOP l 0", []],
    ["LPOP nope 2", null],
    ["LPOP l -1", "!ERR value is out of range, must be positive"],
    ["LPUSHX nope x", 0],
    ["RPUSHX l x", 3],
    ["LINSERT l BEFORE a m", 4],
    ["LINSERT l AFTER x n", 5],
    ["LINSERT l AFTER nope n", -1],
    ["LRANGE l 0 -1", ["z", "m", "a", "x", "n"]],
    ["LPOS l a", 2],
    ["LPOS l nope", null],
    ["RPUSH l a a", 7],
    ["LREM l -2 a", 2],
    ["LREM l 0 nope", 0],
    ["LTRIM l 1 -2", "OK"],
    ["LRANGE l 0 -1", ["m", "a", "x"]],
    ["LMOVE l l LEFT RIGHT", "m"],
    ["RPOPLPUSH l other", "m"],
    ["LRANGE other 0 -1", ["m"]],
    ["LMOVE other other LEFT RIGHT", "m"],
    ["LMOVE other other LEFT LEFT", "m"],
    ["LRANGE other 0 -1", ["m"]],
    ["LMOVE l other UP DOWN", syntax],
    ["LTRIM l 5 9", "OK"],
    ["EXISTS l", 0],
    ["SET s 1", "OK"],
    ["RPUSH s 1", wrongType],
    ["GET other", wrongType]
  ],
  hashes: [
    ["HSET h a 1 b 2", 2],
    ["HSET h a 3", 0],
    ["HSET h a", "!ERR wrong number of arguments for 'hset' command"],
    ["HGET h a", "3"],
    ["HGET h nope", null],
    ["HMGET h b nope", ["2", null]],
    ["HMSET h c 4", "OK"],
    ["HSETNX h c 5", 0],
    ["HSETNX h d 5", 1],
    ["HLEN h", 4],
    ["HEXISTS h a", 1],
    ["HSTRLEN h a", 1],
    ["HDEL h c d nope", 2],
    ["HGETALL h", ["a", "3", "b", "2"]],
    ["HKEYS h", ["a", "b"]],
    ["HVALS h", ["3", "2"]],
    ["HINCRBY h a 4", 7],
    ["HINCRBY h n -1", -1],
    ["HINCRBYFLOAT h a 0.5", "7.5"],
    ["HINCRBY h a 1", notInteger],
    ["HSCAN h 0 MATCH a", ["0", ["a", "7.5"]]],
    ["HGETALL nope", []],
    ["HDEL h a b n", 3],
    ["EXISTS h", 0]
  ],
  transactions: [
    ["EXEC", "!ERR EXEC without MULTI"],
    ["DISCARD", "!ERR DISCARD without MULTI"],
    ["MULTI", "OK"],
    ["MULTI", "!ERR MULTI calls can not be nested"],
    ["SET a 1", "QUEUED"],
    ["INCR a", "QUEUED"],
    ["LPUSH a x", "QUEUED"],
    ["EXEC", ["OK", 2, wrongType]],
    ["MULTI", "OK"],
    ["NOPE", "!ERR unknown command 'NOPE', with args beginning with: "],
    ["SET a 9", "QUEUED"],
    ["EXEC", "!EXECABORT Transaction discarded because of previous errors."],
    ["GET a", "2"],
    ["MULTI", "OK"],
    ["SET a 9", "QUEUED"],
    ["DISCARD", "OK"],
    ["GET a", "2"],
    ["WATCH a", "OK"],
    ["SET a 5", "OK"],
    ["MULTI", "OK"],
    ["WATCH a", "!ERR WATCH inside MULTI is not allowed"],
    ["EXEC", null],
    ["MULTI", "OK"],
    ["SUBSCRIBE c", "!ERR 'subscribe' is not allowed in transactions"],
    ["EXEC", "!EXECABORT Transaction discarded because of previous errors."]
  ],
  connections: [
    ["PING", "PONG"],
    ["PING x", "x"],
    ["ECHO x", "x"],
    ["SELECT 0", "OK"],
    ["SELECT 1", "!ERR DB index is out of range"],
    ["CLIENT SETNAME me", "OK"],
    ["CLIENT GETNAME", "me"],
    ["HELLO 4", "!NOPROTO unsupported protocol version"],
    ["CONFIG GET max*", ["maxmemory", "67108864"]],
    ["CONFIG SET maxmemory 1", "!ERR settings cannot be changed while it runs"],
    ["COMMAND DOCS", []],
    ["COMMAND INFO get", [["get", 2, ["readonly"], 0, 0, 0]]],
    ["NOPE a b", "!ERR unknown command 'NOPE', with args beginning with: 'a' 'b' "],
    ["GET", "!ERR wrong number of arguments for 'get' command"],
    ["PUBLISH c x", 0],
    ["PUBSUB CHANNELS", []],
    ["PUBSUB NUMSUB c", ["c", 0]],
    ["TIME", ["1000", "0"]],
    ["RESET", "RESET"],
    ["CLIENT GETNAME", ""]
  ]
}

describe("commands", () => {
  it.for(Object.keys(scripts))("about %s", (name) => {
    const engine = makeEngine()
    const console = new Console(engine)
    const said = scripts[name]!.map(([line]) => [line, console.say(line)])
    expect(said).toStrictEqual(scripts[name])
    // What is left costs what it costs, and nothing costs nothing.
    console.say("FLUSHALL")
    expect(engine.keyspace.memoryBytes).toBe(0)
  })

  it("give memory back to the last byte", () => {
    const engine = makeEngine()
    const console = new Console(engine)
    for (const script of Object.values(scripts)) for (const [line] of script) console.say(line)
    console.say("RESET")
    for (const { key } of Array.from(engine.keyspace.entries)) console.run("DEL", key)
    expect(engine.keyspace).toMatchObject({ size: 0, memoryBytes: 0 })
    expect(engine.keyspace.expiring.size).toBe(0)
  })

  it("speak RESP3 to who says HELLO 3", () => {
    const engine = makeEngine()
    const console = new Console(engine)
    expect(console.say("HELLO 3 SETNAME me")).toStrictEqual([
      "server",
      "redis",
      "version",
      "7.0.0",
      "proto",
      3,
      "id",
      console.session.id,
      "mode",
      "standalone",
      "role",
      "master",
      "modules",
      []
    ])
    console.say("HSET h a 1")
    expect(console.session.reply.protocol).toBe(3)
    expect(console.say("HGETALL h")).toStrictEqual(["a", "1"])
    expect(console.say("GET nope")).toBe(null)
  })

  it("of which a reply is too long change nothing", () => {
    const console = new Console(makeEngine(), 1_000)
    console.run("RPUSH", "l", ...Array.from({ length: 100 }, () => "x".repeat(50)))
    expect(console.say("LPOP l 100")).toBe("!ERR reply is longer than 1000 bytes")
    expect(console.say("LLEN l")).toBe(100)
    expect(console.say("LPOP l 2")).toHaveLength(2)
  })

  it("within a transaction may fail to reply, and the others do not", () => {
    const console = new Console(makeEngine(), 1_000)
    console.run("SET", "big", "x".repeat(900))
    console.say("MULTI")
    console.say("GET big")
    console.say("GET big")
    console.say("SET a 1")
    expect(console.say("EXEC")).toStrictEqual([
      "x".repeat(900),
      "!ERR reply is longer than 1000 bytes",
      "OK"
    ])
    expect(console.say("GET a")).toBe("1")
  })

  it("that would use more memory than there is are refused, whatever they are", () => {
    const engine = makeEngine({ memoryBytesMax: 2_000 })
    const console = new Console(engine)
    console.run("SET", "a", "x".repeat(900))
    const bytes = ["SETRANGE b 5000 x", "MSET b 1 c 1 d 1 e 1 f 1 g 1 h 1", "SET b 1"].map(
      (line) => {
        console.say(line)
        return engine.keyspace.memoryBytes
      }
    )
    expect(Math.max(...bytes)).toBeLessThanOrEqual(2_000)
    expect(console.say("APPEND a 1")).toContain("!OOM")
    expect(console.say("LPUSH n 1 2 3 4 5")).toContain("!OOM")
    expect(console.say("GET a")).toHaveLength(900)
  })
})
