/** Keys of any type: whether they are there, which there are, and away with them. */
import type { Entry } from "../data/Keyspace.ts"
import { matches } from "../data/Glob.ts"
import { typeOf } from "../data/Value.ts"
import type { Engine } from "../Engine.ts"
import type { Bytes } from "../resp/Ascii.ts"
import type { Request } from "../resp/Request.ts"
import { find, look } from "./argument.ts"
import { command, type Run } from "./Command.ts"
import * as Problem from "./Problem.ts"
import { readScan } from "./scanOptions.ts"

const del: Run = (engine, request) => {
  let count = 0
  for (let at = 1; at < request.count; at++) {
    const entry = find(engine, request, at)
    if (entry === undefined) continue
    engine.keyspace.remove(entry)
    count++
  }
  engine.isChanged = count > 0
  engine.reply.integer(count)
}

const exists: Run = (engine, request) => {
  let count = 0
  for (let at = 1; at < request.count; at++) {
    if (look(engine, request, at) !== undefined) count++
  }
  engine.reply.integer(count)
}

const type: Run = (engine, request) => {
  const entry = look(engine, request, 1)
  engine.reply.simple(entry === undefined ? "none" : typeOf(entry.value))
}

/** Moves what `entry` holds to the key of word 2, with its time to live. */
const move = (engine: Engine, request: Request, entry: Entry, target: Entry | undefined): void => {
  const { keyspace } = engine
  const { expiresAt, value } = entry
  if (target === entry) return
  keyspace.remove(entry)
  if (target !== undefined) keyspace.remove(target)
  const moved = keyspace.add(request.argument(2), value)
  if (expiresAt !== Infinity) keyspace.setExpiry(moved, expiresAt)
}

const rename: Run = (engine, request) => {
  const entry = find(engine, request, 1)
  if (entry === undefined) return engine.fail(Problem.noSuchKey)
  move(engine, request, entry, find(engine, request, 2))
  engine.isChanged = true
  engine.reply.ok()
}

const renamenx: Run = (engine, request) => {
  const entry = find(engine, request, 1)
  if (entry === undefined) return engine.fail(Problem.noSuchKey)
  if (find(engine, request, 2) !== undefined) return engine.reply.integer(0)
  move(engine, request, entry, undefined)
  engine.isChanged = true
  engine.reply.integer(1)
}

const replyKeys = (engine: Engine, keys: ReadonlyArray<Bytes>): void => {
  engine.reply.array(keys.length)
  for (const key of keys) engine.reply.bulk(key)
}

const keys: Run = (engine, request) => {
  const pattern = request.argument(1)
  const found: Array<Bytes> = []
  engine.keyspace.scan(0, engine.keyspace.size, ({ key }) => {
    if (matches(pattern, key)) found.push(key)
  })
  replyKeys(engine, found)
}

const scan: Run = (engine, request) => {
  const options = readScan(engine, request, 1, true)
  if (options === undefined) return
  const { count, cursor, pattern, typeName } = options
  const found: Array<Bytes> = []
  const next = engine.keyspace.scan(cursor, count, ({ key, value }) => {
    if (pattern !== undefined && !matches(pattern, key)) return
    if (typeName === undefined || typeName === typeOf(value)) found.push(key)
  })
  engine.reply.array(2)
  engine.reply.text(String(next))
  replyKeys(engine, found)
}

/** Any key: the one after the last that was given, so that no chance is needed. */
const randomkey: Run = (engine) => {
  const { keyspace } = engine
  let tries = keyspace.size
  for (; tries > 0 && keyspace.size > 0; tries--) {
    const place = (engine.statistics.commands * 7_919) % keyspace.size
    const entry = keyspace.entries[place]!
    if (keyspace.find(entry.key) === entry) return engine.reply.bulk(entry.key)
  }
  engine.reply.null()
}

const flush: Run = (engine, request) => {
  const isPlain = request.count === 1 || request.is(1, "sync") || request.is(1, "async")
  if (!isPlain || request.count > 2) return engine.fail(Problem.syntax)
  engine.keyspace.clear()
  engine.log?.appendCommand("FLUSHALL")
  engine.reply.ok()
}

export const keyCommands = [
  command("del", -2, "write", del),
  command("unlink", -2, "write", del),
  command("exists", -2, "read", exists),
  command("touch", -2, "read", exists),
  command("type", 2, "read", type),
  command("rename", 3, "write", rename),
  command("renamenx", 3, "write", renamenx),
  command("keys", 2, "read", keys),
  command("scan", -2, "read", scan),
  command("randomkey", 1, "read", randomkey),
  command("dbsize", 1, "read", (engine) => engine.reply.integer(engine.keyspace.size)),
  command("flushall", -1, "write", flush),
  command("flushdb", -1, "write", flush)
]
