/** Numbers in strings: INCR and its kin. */
import * as Decimal from "../data/Decimal.ts"
import * as Integer from "../data/Integer.ts"
import type { Engine } from "../Engine.ts"
import { type Bytes, binaryText, bytesOf } from "../resp/Ascii.ts"
import type { Request } from "../resp/Request.ts"
import { decimal, find, holdsString, integer } from "./argument.ts"
import { command, type Run } from "./Command.ts"
import * as Problem from "./Problem.ts"

/** The new number; undefined: an error was written. */
export const sum = (
  engine: Engine,
  before: Bytes | undefined,
  by: Integer.Integer
): Integer.Integer | undefined => {
  const value = before === undefined ? 0 : Integer.parse(before)
  const after = value === undefined ? undefined : Integer.add(value, by)
  if (value === undefined) engine.fail(Problem.notInteger)
  else if (after === undefined) engine.fail(Problem.overflow)
  return after
}

/** The new number as a text; undefined: an error was written. */
export const floatSum = (
  engine: Engine,
  before: Bytes | undefined,
  by: number
): Bytes | undefined => {
  const isLong = before !== undefined && before.length > 64
  const value = before === undefined ? 0 : isLong ? undefined : Decimal.parse(binaryText(before))
  if (value === undefined) engine.fail(Problem.notFloat)
  else if (!Number.isFinite(value + by)) engine.fail(Problem.notFinite)
  else return bytesOf(Decimal.format(value + by))
  return undefined
}

const add = (engine: Engine, request: Request, by: Integer.Integer): void => {
  const entry = find(engine, request, 1)
  if (entry !== undefined && !holdsString(engine, entry)) return
  const after = sum(engine, entry?.value, by)
  if (after === undefined) return
  const text = bytesOf(String(after))
  if (entry === undefined) engine.keyspace.add(request.argument(1), text)
  else engine.keyspace.replace(entry, text)
  engine.isChanged = true
  engine.reply.integer(after)
}

const incrby: Run = (engine, request) => {
  const by = integer(engine, request, 2)
  if (by !== undefined) add(engine, request, by)
}

const decrby: Run = (engine, request) => {
  const by = integer(engine, request, 2)
  if (by === undefined) return
  const negated = Integer.negate(by)
  if (negated === undefined) engine.fail("ERR decrement would overflow")
  else add(engine, request, negated)
}

const incrbyfloat: Run = (engine, request) => {
  const by = decimal(engine, request, 2)
  if (by === undefined) return
  const entry = find(engine, request, 1)
  if (entry !== undefined && !holdsString(engine, entry)) return
  const after = floatSum(engine, entry?.value, by)
  if (after === undefined) return
  if (entry === undefined) engine.keyspace.add(request.argument(1), after)
  else engine.keyspace.replace(entry, after)
  // What it came to, so that no other machine's arithmetic is asked when it is replayed.
  engine.log?.appendCommand("SET", request.argument(1), after, "KEEPTTL")
  engine.reply.bulk(after)
}

export const counters = [
  command("incr", 2, "grow", (engine, request) => add(engine, request, 1)),
  command("decr", 2, "grow", (engine, request) => add(engine, request, -1)),
  command("incrby", 3, "grow", incrby),
  command("decrby", 3, "grow", decrby),
  command("incrbyfloat", 3, "grow", incrbyfloat)
]
