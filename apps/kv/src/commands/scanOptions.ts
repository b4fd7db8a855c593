/** What follows SCAN and HSCAN: a cursor, and how much of what to show. */
import type { Engine } from "../Engine.ts"
import * as Integer from "../data/Integer.ts"
import type { Bytes } from "../resp/Ascii.ts"
import type { Request } from "../resp/Request.ts"
import { number } from "./argument.ts"
import * as Problem from "./Problem.ts"

/** Looked at in one step, whatever the client asks for. */
export const scanCountMax = 10_000

export interface ScanOptions {
  readonly cursor: number
  /** How many to look at. */
  readonly count: number
  readonly pattern: Bytes | undefined
  readonly typeName: string | undefined
}

/** The cursor is word `first`. Undefined: an error was written. */
export const readScan = (
  engine: Engine,
  request: Request,
  first: number,
  takesType: boolean
): ScanOptions | undefined => {
  const cursor = Integer.parse(request.bytes, request.start(first), request.end(first))
  if (typeof cursor !== "number" || cursor < 0) return refuse(engine, "ERR invalid cursor")
  let count = 10
  let pattern: Bytes | undefined
  let typeName: string | undefined
  for (let at = first + 1; at < request.count; at += 2) {
    if (at + 1 === request.count) return refuse(engine, Problem.syntax)
    if (request.is(at, "match")) pattern = request.argument(at + 1)
    else if (request.is(at, "type") && takesType) typeName = request.text(at + 1).toLowerCase()
    else if (request.is(at, "count")) {
      const asked = number(engine, request, at + 1)
      if (asked === undefined) return undefined
      if (asked < 1) return refuse(engine, Problem.syntax)
      count = Math.min(asked, scanCountMax)
    } else return refuse(engine, Problem.syntax)
  }
  return { cursor, count, pattern, typeName }
}

const refuse = (engine: Engine, problem: string): undefined => {
  engine.fail(problem)
  return undefined
}
