/** Lists in their midst: items by their places and by what they are. */
import type { Entry } from "../data/Keyspace.ts"
import { ListValue } from "../data/Value.ts"
import type { Engine } from "../Engine.ts"
import { type Bytes, isEqual } from "../resp/Ascii.ts"
import type { Request } from "../resp/Request.ts"
import { find, listOf, look, number } from "./argument.ts"
import { command, type Run } from "./Command.ts"
import { changing } from "./lists.ts"
import * as Problem from "./Problem.ts"
import { range } from "./strings.ts"

const llen: Run = (engine, request) => {
  const entry = look(engine, request, 1)
  const list = entry && listOf(engine, entry)
  if (entry === undefined) engine.reply.integer(0)
  else if (list !== undefined) engine.reply.integer(list.length)
}

const lrange: Run = (engine, request) => {
  const start = number(engine, request, 2)
  if (start === undefined) return
  const stop = number(engine, request, 3)
  if (stop === undefined) return
  const entry = look(engine, request, 1)
  if (entry === undefined) return engine.reply.array(0)
  const list = listOf(engine, entry)
  if (list === undefined) return
  const [from, to] = range(start, stop, list.length)
  engine.reply.array(to - from)
  for (let at = from; at < to; at++) engine.reply.bulk(list.at(at))
}

/** The place that word `index` says, from the end when negative; -1 outside of the list. */
const place = (engine: Engine, request: Request, index: number, list: ListValue) => {
  const asked = number(engine, request, index)
  if (asked === undefined) return undefined
  const at = asked < 0 ? asked + list.length : asked
  return at < 0 || at >= list.length ? -1 : at
}

const lindex: Run = (engine, request) => {
  const entry = look(engine, request, 1)
  if (entry === undefined) return engine.reply.null()
  const list = listOf(engine, entry)
  const at = list && place(engine, request, 2, list)
  if (list === undefined || at === undefined) return
  if (at < 0) engine.reply.null()
  else engine.reply.bulk(list.at(at))
}

const lset: Run = (engine, request) => {
  const entry = find(engine, request, 1)
  if (entry === undefined) return engine.fail(Problem.noSuchKey)
  const list = listOf(engine, entry)
  const at = list && place(engine, request, 2, list)
  if (list === undefined || at === undefined) return
  if (at < 0) return engine.fail(Problem.outOfRange)
  const item = request.argument(3)
  changing(engine, entry, list, () => {
    list.memoryBytes += ListValue.costOf(item) - ListValue.costOf(list.at(at))
    list.set(at, item)
  })
  engine.isChanged = true
  engine.reply.ok()
}

/** Puts `items` in the place of all that are in the list. */
const replaceAll = (engine: Engine, entry: Entry, list: ListValue, items: ReadonlyArray<Bytes>) =>
  changing(engine, entry, list, () => {
    list.replace(items)
    list.memoryBytes = items.reduce((total, item) => total + ListValue.costOf(item), 0)
  })

const ltrim: Run = (engine, request) => {
  const start = number(engine, request, 2)
  if (start === undefined) return
  const stop = number(engine, request, 3)
  if (stop === undefined) return
  const entry = find(engine, request, 1)
  const list = entry && listOf(engine, entry)
  if (entry === undefined) return engine.reply.ok()
  if (list === undefined) return
  const [from, to] = range(start, stop, list.length)
  if (to - from < list.length) {
    replaceAll(engine, entry, list, list.toArray().slice(from, to))
    engine.isChanged = true
  }
  engine.reply.ok()
}

const lrem: Run = (engine, request) => {
  const asked = number(engine, request, 2)
  if (asked === undefined) return
  const entry = find(engine, request, 1)
  const list = entry && listOf(engine, entry)
  if (entry === undefined) return engine.reply.integer(0)
  if (list === undefined) return
  const item = request.argument(3)
  let left = asked === 0 ? Infinity : Math.abs(asked)
  const items = list.toArray()
  if (asked < 0) items.reverse()
  const kept = items.filter((one) => left <= 0 || !isEqual(one, item) || left-- <= 0)
  if (asked < 0) kept.reverse()
  const removed = items.length - kept.length
  if (removed > 0) {
    replaceAll(engine, entry, list, kept)
    engine.isChanged = true
  }
  engine.reply.integer(removed)
}

const linsert: Run = (engine, request) => {
  const isAfter = request.is(2, "after")
  if (!isAfter && !request.is(2, "before")) return engine.fail(Problem.syntax)
  const entry = find(engine, request, 1)
  const list = entry && listOf(engine, entry)
  if (entry === undefined) return engine.reply.integer(0)
  if (list === undefined) return
  const pivot = request.argument(3)
  const items = list.toArray()
  const at = items.findIndex((item) => isEqual(item, pivot))
  if (at < 0) return engine.reply.integer(-1)
  items.splice(isAfter ? at + 1 : at, 0, request.argument(4))
  replaceAll(engine, entry, list, items)
  engine.isChanged = true
  engine.reply.integer(list.length)
}

const lpos: Run = (engine, request) => {
  if (request.count > 3) return engine.fail("ERR options of LPOS are not supported")
  const entry = look(engine, request, 1)
  const list = entry && listOf(engine, entry)
  if (entry === undefined) return engine.reply.null()
  if (list === undefined) return
  const item = request.argument(2)
  for (let at = 0; at < list.length; at++) {
    if (isEqual(list.at(at), item)) return engine.reply.integer(at)
  }
  engine.reply.null()
}

export const listItems = [
  command("llen", 2, "read", llen),
  command("lrange", 4, "read", lrange),
  command("lindex", 3, "read", lindex),
  command("lset", 4, "grow", lset),
  command("ltrim", 4, "write", ltrim),
  command("lrem", 4, "write", lrem),
  command("linsert", 5, "grow", linsert),
  command("lpos", -3, "read", lpos)
]
