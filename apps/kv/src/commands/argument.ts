/** Arguments as numbers, and keys as what they hold; what does not fit is told to the client. */
import type { Entry } from "../data/Keyspace.ts"
import * as Decimal from "../data/Decimal.ts"
import * as Integer from "../data/Integer.ts"
import { HashValue, ListValue } from "../data/Value.ts"
import type { Engine } from "../Engine.ts"
import type { Bytes } from "../resp/Ascii.ts"
import type { Request } from "../resp/Request.ts"
import * as Problem from "./Problem.ts"

/** Undefined: an error was written. */
export const integer = (
  engine: Engine,
  request: Request,
  index: number
): Integer.Integer | undefined => {
  const value = Integer.parse(request.bytes, request.start(index), request.end(index))
  if (value === undefined) engine.fail(Problem.notInteger)
  return value
}

/** As `integer`, one that a `number` holds exactly. */
export const number = (engine: Engine, request: Request, index: number): number | undefined => {
  const value = Integer.parse(request.bytes, request.start(index), request.end(index))
  if (typeof value === "number") return value
  engine.fail(Problem.notInteger)
  return undefined
}

/** As `number`, not below zero. */
export const count = (engine: Engine, request: Request, index: number): number | undefined => {
  const value = number(engine, request, index)
  if (value === undefined || value >= 0) return value
  engine.fail(Problem.negative)
  return undefined
}

export const decimal = (engine: Engine, request: Request, index: number): number | undefined => {
  const value = request.length(index) > 64 ? undefined : Decimal.parse(request.text(index))
  if (value === undefined) engine.fail(Problem.notFloat)
  return value
}

export const find = (engine: Engine, request: Request, index: number): Entry | undefined =>
  engine.keyspace.find(request.bytes, request.start(index), request.end(index))

/** For commands that read: counts whether the key was there. */
export const look = (engine: Engine, request: Request, index: number): Entry | undefined => {
  const entry = find(engine, request, index)
  if (entry === undefined) engine.statistics.keyMisses++
  else engine.statistics.keyHits++
  return entry
}

/** False when it holds something else; then an error was written. */
export const holdsString = (
  engine: Engine,
  entry: Entry
): entry is Entry & { readonly value: Bytes } => {
  if (entry.value instanceof Uint8Array) return true
  engine.fail(Problem.wrongType)
  return false
}

/** Undefined when it holds something else; then an error was written. */
export const listOf = (engine: Engine, entry: Entry): ListValue | undefined => {
  if (entry.value instanceof ListValue) return entry.value
  engine.fail(Problem.wrongType)
  return undefined
}

export const hashOf = (engine: Engine, entry: Entry): HashValue | undefined => {
  if (entry.value instanceof HashValue) return entry.value
  engine.fail(Problem.wrongType)
  return undefined
}
