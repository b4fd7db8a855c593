/** Lists at their ends: pushing, popping, moving. */
import type { Entry } from "../data/Keyspace.ts"
import { ListValue } from "../data/Value.ts"
import type { Engine } from "../Engine.ts"
import type { Bytes } from "../resp/Ascii.ts"
import type { Request } from "../resp/Request.ts"
import { count, find, listOf } from "./argument.ts"
import { command, type Run } from "./Command.ts"
import * as Problem from "./Problem.ts"

export type End = "left" | "right"

/** To be called before and after a list changes; the cost of the change is the difference. */
export const changing = <A>(engine: Engine, entry: Entry, list: ListValue, change: () => A): A => {
  engine.keyspace.changes(entry)
  const before = list.memoryBytes
  const result = change()
  engine.keyspace.account(list.memoryBytes - before)
  if (list.length === 0) engine.keyspace.remove(entry)
  return result
}

const put = (list: ListValue, end: End, item: Bytes): void => {
  list.memoryBytes += ListValue.costOf(item)
  if (end === "left") list.unshift(item)
  else list.push(item)
}

const take = (list: ListValue, end: End): Bytes => {
  const item = end === "left" ? list.shift() : list.pop()
  list.memoryBytes -= ListValue.costOf(item)
  return item
}

/** `index` counts from the end that is popped first. */
const peek = (list: ListValue, end: End, index: number): Bytes =>
  list.at(end === "left" ? index : list.length - 1 - index)

const push =
  (end: End, mustExist: boolean): Run =>
  (engine, request) => {
    const entry = find(engine, request, 1)
    if (entry === undefined && mustExist) return engine.reply.integer(0)
    const list = entry === undefined ? engine.keyspace.newList() : listOf(engine, entry)
    if (list === undefined) return
    const all = () => {
      for (let at = 2; at < request.count; at++) put(list, end, request.argument(at))
    }
    if (entry !== undefined) changing(engine, entry, list, all)
    else {
      all()
      engine.keyspace.add(request.argument(1), list)
    }
    engine.isChanged = true
    engine.reply.integer(list.length)
  }

const pop =
  (end: End): Run =>
  (engine, request) => {
    const asked = request.count === 2 ? 1 : count(engine, request, 2)
    if (asked === undefined) return
    const isOne = request.count === 2
    if (request.count > 3) return engine.fail(Problem.syntax)
    const entry = find(engine, request, 1)
    if (entry === undefined) return isOne ? engine.reply.null() : engine.reply.nullArray()
    const list = listOf(engine, entry)
    if (list === undefined) return
    const taken = Math.min(asked, list.length)
    if (!isOne) engine.reply.array(taken)
    for (let at = 0; at < taken; at++) engine.reply.bulk(peek(list, end, at))
    if (taken === 0) return
    changing(engine, entry, list, () => {
      for (let at = 0; at < taken; at++) take(list, end)
    })
    engine.isChanged = true
  }

const endOf = (request: Request, index: number): End | undefined => {
  if (request.is(index, "left")) return "left"
  return request.is(index, "right") ? "right" : undefined
}

const move = (engine: Engine, request: Request, from: End, to: End): void => {
  const source = find(engine, request, 1)
  if (source === undefined) return engine.reply.null()
  const sourceList = listOf(engine, source)
  if (sourceList === undefined) return
  const target = find(engine, request, 2)
  const targetList = target === undefined ? engine.keyspace.newList() : listOf(engine, target)
  if (targetList === undefined) return
  const item = peek(sourceList, from, 0)
  engine.reply.bulk(item)
  if (target === undefined) {
    put(targetList, to, item)
    engine.keyspace.add(request.argument(2), targetList)
  } else changing(engine, target, targetList, () => put(targetList, to, item))
  // After it was put: a list that is moved within itself does not go in between. At the same end
  // it is taken again at once, which leaves the list as it was.
  changing(engine, source, sourceList, () => take(sourceList, from))
  engine.isChanged = true
}

const lmove: Run = (engine, request) => {
  const from = endOf(request, 3)
  const to = endOf(request, 4)
  if (from === undefined || to === undefined) engine.fail(Problem.syntax)
  else move(engine, request, from, to)
}

export const lists = [
  command("lpush", -3, "grow", push("left", false)),
  command("rpush", -3, "grow", push("right", false)),
  command("lpushx", -3, "grow", push("left", true)),
  command("rpushx", -3, "grow", push("right", true)),
  command("lpop", -2, "write", pop("left")),
  command("rpop", -2, "write", pop("right")),
  command("lmove", 5, "grow", lmove),
  command("rpoplpush", 3, "grow", (engine, request) => move(engine, request, "right", "left"))
]
