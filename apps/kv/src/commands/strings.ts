/** Strings: GET, SET and what reads or changes them. */
import type { Entry } from "../data/Keyspace.ts"
import type { Engine } from "../Engine.ts"
import { type Bytes, nothing } from "../resp/Ascii.ts"
import type { Request } from "../resp/Request.ts"
import { find, holdsString, look, number } from "./argument.ts"
import { command, type Run } from "./Command.ts"
import * as Problem from "./Problem.ts"

export const stringBytesMax = 512 * 1024 * 1024

const get: Run = (engine, request) => {
  const entry = look(engine, request, 1)
  if (entry === undefined) engine.reply.null()
  else if (holdsString(engine, entry)) engine.reply.bulk(entry.value)
}

const mget: Run = (engine, request) => {
  engine.reply.array(request.count - 1)
  for (let at = 1; at < request.count; at++) {
    const entry = look(engine, request, at)
    if (entry !== undefined && entry.value instanceof Uint8Array) engine.reply.bulk(entry.value)
    else engine.reply.null()
  }
}

const putPairs = ({ keyspace }: Engine, request: Request): void => {
  for (let at = 1; at < request.count; at += 2) {
    const [start, end] = [request.start(at), request.end(at)]
    keyspace.put(request.bytes, start, end, request.start(at + 1), request.end(at + 1), false)
  }
}

const mset: Run = (engine, request) => {
  if (request.count % 2 === 0) return engine.fail(Problem.wrongArity("mset"))
  putPairs(engine, request)
  engine.isChanged = true
  engine.reply.ok()
}

const msetnx: Run = (engine, request) => {
  if (request.count % 2 === 0) return engine.fail(Problem.wrongArity("msetnx"))
  for (let at = 1; at < request.count; at += 2) {
    if (find(engine, request, at) !== undefined) return engine.reply.integer(0)
  }
  putPairs(engine, request)
  engine.isChanged = true
  engine.reply.integer(1)
}

const setnx: Run = (engine, request) => {
  if (find(engine, request, 1) !== undefined) return engine.reply.integer(0)
  engine.keyspace.add(request.argument(1), request.argument(2))
  engine.isChanged = true
  engine.reply.integer(1)
}

const getset: Run = (engine, request) => {
  const entry = find(engine, request, 1)
  if (entry === undefined) engine.reply.null()
  else if (holdsString(engine, entry)) engine.reply.bulk(entry.value)
  else return
  const { bytes } = request
  const [start, end] = [request.start(1), request.end(1)]
  engine.keyspace.put(bytes, start, end, request.start(2), request.end(2), false)
  engine.isChanged = true
}

const getdel: Run = (engine, request) => {
  const entry = find(engine, request, 1)
  if (entry === undefined) return engine.reply.null()
  if (!holdsString(engine, entry)) return
  engine.reply.bulk(entry.value)
  engine.keyspace.remove(entry)
  engine.isChanged = true
}

const strlen: Run = (engine, request) => {
  const entry = look(engine, request, 1)
  if (entry === undefined) engine.reply.integer(0)
  else if (holdsString(engine, entry)) engine.reply.integer(entry.value.length)
}

/** The string with `length` bytes, those that it had and zeroes; its own to be written to. */
const resized = (engine: Engine, entry: Entry, length: number): Bytes => {
  const before = entry.value as Bytes
  const after = new Uint8Array(length)
  after.set(before.length > length ? before.subarray(0, length) : before)
  engine.keyspace.replace(entry, after)
  return after
}

const append: Run = (engine, request) => {
  const entry = find(engine, request, 1)
  const added = request.bytes.subarray(request.start(2), request.end(2))
  if (entry === undefined) {
    engine.keyspace.add(request.argument(1), added.slice())
    engine.isChanged = true
    return engine.reply.integer(added.length)
  }
  if (!holdsString(engine, entry)) return
  const before = entry.value.length
  if (before + added.length > stringBytesMax) return engine.fail(tooLong)
  // The whole is copied: it is there twice for a moment.
  if (!engine.hasRoom(before + added.length)) return engine.fail(Problem.outOfMemory)
  resized(engine, entry, before + added.length).set(added, before)
  engine.isChanged = true
  engine.reply.integer(before + added.length)
}

const tooLong = `ERR string exceeds maximum allowed size (${stringBytesMax} bytes)`

const setrange: Run = (engine, request) => {
  const offset = number(engine, request, 2)
  if (offset === undefined) return
  if (offset < 0) return engine.fail("ERR offset is out of range")
  const entry = find(engine, request, 1)
  if (entry !== undefined && !holdsString(engine, entry)) return
  const before = entry === undefined ? 0 : (entry.value as Bytes).length
  const added = request.bytes.subarray(request.start(3), request.end(3))
  if (added.length === 0) return engine.reply.integer(before)
  const length = Math.max(before, offset + added.length)
  if (length > stringBytesMax) return engine.fail(tooLong)
  if (!engine.hasRoom(length)) return engine.fail(Problem.outOfMemory)
  const target = entry ?? engine.keyspace.add(request.argument(1), nothing)
  resized(engine, target, length).set(added, offset)
  engine.isChanged = true
  engine.reply.integer(length)
}

/** Both ends of a range as Redis counts: from the end when negative, both inclusive. */
export const range = (
  start: number,
  stop: number,
  length: number
): readonly [from: number, to: number] => {
  const from = Math.max(0, start < 0 ? start + length : start)
  const last = Math.min(length - 1, stop < 0 ? stop + length : stop)
  return from > last ? [0, 0] : [from, last + 1]
}

const getrange: Run = (engine, request) => {
  const start = number(engine, request, 2)
  if (start === undefined) return
  const stop = number(engine, request, 3)
  if (stop === undefined) return
  const entry = look(engine, request, 1)
  if (entry === undefined) return engine.reply.bulk(nothing)
  if (!holdsString(engine, entry)) return
  const [from, to] = range(start, stop, entry.value.length)
  engine.reply.bulk(entry.value, from, to)
}

export const strings = [
  command("get", 2, "read", get),
  command("mget", -2, "read", mget),
  command("mset", -3, "grow", mset),
  command("msetnx", -3, "grow", msetnx),
  command("setnx", 3, "grow", setnx),
  command("getset", 3, "grow", getset),
  command("getdel", 2, "write", getdel),
  command("strlen", 2, "read", strlen),
  command("append", 3, "grow", append),
  command("setrange", 4, "grow", setrange),
  command("getrange", 4, "read", getrange),
  command("substr", 4, "read", getrange)
]
