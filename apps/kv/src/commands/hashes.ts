/** Hashes: fields with values under one key. */
import type { Entry } from "../data/Keyspace.ts"
import * as Glob from "../data/Glob.ts"
import { Field, HashValue } from "../data/Value.ts"
import type { Engine } from "../Engine.ts"
import { type Bytes, bytesOf } from "../resp/Ascii.ts"
import type { Request } from "../resp/Request.ts"
import { decimal, find, hashOf, integer, look } from "./argument.ts"
import { command, type Run } from "./Command.ts"
import { floatSum, sum } from "./counters.ts"
import * as Problem from "./Problem.ts"
import { readScan } from "./scanOptions.ts"

/** For commands that read: `use` gets an empty hash where there is no key. */
const reading =
  (use: (hash: HashValue, engine: Engine, request: Request) => void): Run =>
  (engine, request) => {
    const entry = look(engine, request, 1)
    const hash = entry === undefined ? engine.keyspace.newHash() : hashOf(engine, entry)
    if (hash !== undefined) use(hash, engine, request)
  }

const fieldOf = (hash: HashValue, request: Request, index: number): Field | undefined =>
  hash.find(request.bytes, request.start(index), request.end(index))

/** Whether the field is new. */
const put = (hash: HashValue, request: Request, index: number, value: Bytes): boolean => {
  const field = fieldOf(hash, request, index)
  if (field !== undefined) {
    hash.memoryBytes += value.length - field.value.length
    field.value = value
    return false
  }
  const added = new Field(request.argument(index), value)
  hash.memoryBytes += HashValue.costOf(added)
  hash.add(added)
  return true
}

/** Changes the hash of word 1 by `change`, making it when there is none. */
const changing = <A>(
  engine: Engine,
  request: Request,
  entry: Entry | undefined,
  hash: HashValue,
  change: () => A
): A => {
  if (entry === undefined) {
    const result = change()
    engine.keyspace.add(request.argument(1), hash)
    return result
  }
  engine.keyspace.changes(entry)
  const before = hash.memoryBytes
  const result = change()
  engine.keyspace.account(hash.memoryBytes - before)
  if (hash.size === 0) engine.keyspace.remove(entry)
  return result
}

const target = (engine: Engine, entry: Entry | undefined): HashValue | undefined =>
  entry === undefined ? engine.keyspace.newHash() : hashOf(engine, entry)

/** How many fields were new; undefined: an error was written. */
const setPairs = (engine: Engine, request: Request, name: string): number | undefined => {
  if (request.count % 2 !== 0) {
    engine.fail(Problem.wrongArity(name))
    return undefined
  }
  const entry = find(engine, request, 1)
  const hash = target(engine, entry)
  if (hash === undefined) return undefined
  engine.isChanged = true
  return changing(engine, request, entry, hash, () => {
    let added = 0
    for (let at = 2; at < request.count; at += 2) {
      if (put(hash, request, at, request.argument(at + 1))) added++
    }
    return added
  })
}

const hset: Run = (engine, request) => {
  const added = setPairs(engine, request, "hset")
  if (added !== undefined) engine.reply.integer(added)
}

const hmset: Run = (engine, request) => {
  if (setPairs(engine, request, "hmset") !== undefined) engine.reply.ok()
}

const hsetnx: Run = (engine, request) => {
  const entry = find(engine, request, 1)
  const hash = target(engine, entry)
  if (hash === undefined) return
  if (fieldOf(hash, request, 2) !== undefined) return engine.reply.integer(0)
  changing(engine, request, entry, hash, () => put(hash, request, 2, request.argument(3)))
  engine.isChanged = true
  engine.reply.integer(1)
}

const replyValue = (engine: Engine, field: Field | undefined): void => {
  if (field === undefined) engine.reply.null()
  else engine.reply.bulk(field.value)
}

const hmget = reading((hash, engine, request) => {
  engine.reply.array(request.count - 2)
  for (let at = 2; at < request.count; at++) replyValue(engine, fieldOf(hash, request, at))
})

const hdel: Run = (engine, request) => {
  const entry = find(engine, request, 1)
  if (entry === undefined) return engine.reply.integer(0)
  const hash = hashOf(engine, entry)
  if (hash === undefined) return
  let isThere = false
  for (let at = 2; at < request.count; at++) isThere ||= fieldOf(hash, request, at) !== undefined
  if (!isThere) return engine.reply.integer(0)
  const removed = changing(engine, request, entry, hash, () => {
    let count = 0
    for (let at = 2; at < request.count; at++) {
      const field = fieldOf(hash, request, at)
      if (field === undefined) continue
      hash.memoryBytes -= HashValue.costOf(field)
      hash.remove(field)
      count++
    }
    return count
  })
  engine.isChanged = true
  engine.reply.integer(removed)
}

const hgetall = reading((hash, { reply }) => {
  reply.map(hash.size)
  for (const { key, value } of hash.nodes) {
    reply.bulk(key)
    reply.bulk(value)
  }
})

const listing = (of: (field: Field) => Bytes): Run =>
  reading((hash, { reply }) => {
    reply.array(hash.size)
    for (const field of hash.nodes) reply.bulk(of(field))
  })

const increase = (
  engine: Engine,
  request: Request,
  of: (value: Bytes | undefined) => Bytes | undefined
): Bytes | undefined => {
  const entry = find(engine, request, 1)
  const hash = target(engine, entry)
  if (hash === undefined) return undefined
  const after = of(fieldOf(hash, request, 2)?.value)
  if (after === undefined) return undefined
  changing(engine, request, entry, hash, () => put(hash, request, 2, after))
  return after
}

const hincrby: Run = (engine, request) => {
  const by = integer(engine, request, 3)
  if (by === undefined) return
  const after = increase(engine, request, (value) => {
    const total = sum(engine, value, by)
    if (total === undefined) return undefined
    engine.reply.integer(total)
    return bytesOf(String(total))
  })
  engine.isChanged = after !== undefined
}

const hincrbyfloat: Run = (engine, request) => {
  const by = decimal(engine, request, 3)
  if (by === undefined) return
  const after = increase(engine, request, (value) => floatSum(engine, value, by))
  if (after === undefined) return
  engine.log?.appendCommand("HSET", request.argument(1), request.argument(2), after)
  engine.reply.bulk(after)
}

const hscan: Run = (engine, request) => {
  const options = readScan(engine, request, 2, false)
  if (options === undefined) return
  const entry = look(engine, request, 1)
  const hash = target(engine, entry)
  if (hash === undefined) return
  const { count, cursor, pattern } = options
  const found: Array<Field> = []
  const next = hash.scan(cursor, count, (field) => {
    if (pattern === undefined || Glob.matches(pattern, field.key)) found.push(field)
  })
  engine.reply.array(2)
  engine.reply.text(String(next))
  engine.reply.array(2 * found.length)
  for (const { key, value } of found) {
    engine.reply.bulk(key)
    engine.reply.bulk(value)
  }
}

export const hashes = [
  command("hset", -4, "grow", hset),
  command("hmset", -4, "grow", hmset),
  command("hsetnx", 4, "grow", hsetnx),
  command(
    "hget",
    3,
    "read",
    reading((hash, engine, request) => replyValue(engine, fieldOf(hash, request, 2)))
  ),
  command("hmget", -3, "read", hmget),
  command("hdel", -3, "write", hdel),
  command("hgetall", 2, "read", hgetall),
  command(
    "hkeys",
    2,
    "read",
    listing(({ key }) => key)
  ),
  command(
    "hvals",
    2,
    "read",
    listing(({ value }) => value)
  ),
  command(
    "hlen",
    2,
    "read",
    reading((hash, { reply }) => reply.integer(hash.size))
  ),
  command(
    "hexists",
    3,
    "read",
    reading((hash, { reply }, request) => reply.integer(fieldOf(hash, request, 2) ? 1 : 0))
  ),
  command(
    "hstrlen",
    3,
    "read",
    reading((hash, { reply }, request) =>
      reply.integer(fieldOf(hash, request, 2)?.value.length ?? 0)
    )
  ),
  command("hincrby", 4, "grow", hincrby),
  command("hincrbyfloat", 4, "grow", hincrbyfloat),
  command("hscan", -3, "read", hscan)
]
