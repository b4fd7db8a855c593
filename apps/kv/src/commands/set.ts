/** SET with its options, and the commands that are SET by another name. */
import type { Engine } from "../Engine.ts"
import type { Request } from "../resp/Request.ts"
import { find, holdsString } from "./argument.ts"
import { command, type Run } from "./Command.ts"
import { type ExpiryUnit, expiryMoment, expiryUnitOf } from "./expiryMoment.ts"
import * as Problem from "./Problem.ts"

interface Options {
  /** Milliseconds since 1970. */
  expiresAt: number
  keepsTtl: boolean
  /** The old value is the reply. */
  gets: boolean
  condition: "absent" | "always" | "present"
}

/** Undefined: an error was written. */
const readOptions = (engine: Engine, request: Request): Options | undefined => {
  const options: Options = {
    expiresAt: Infinity,
    keepsTtl: false,
    gets: false,
    condition: "always"
  }
  for (let at = 3; at < request.count; at++) {
    const unit: ExpiryUnit | undefined = expiryUnitOf(request, at)
    if (unit !== undefined) {
      const isAgain = options.expiresAt !== Infinity || options.keepsTtl
      if (isAgain || ++at === request.count) return refuse(engine)
      const moment = expiryMoment(engine, request, at, unit, "set")
      if (moment === undefined) return undefined
      options.expiresAt = moment
    } else if (request.is(at, "keepttl") && options.expiresAt === Infinity) options.keepsTtl = true
    else if (request.is(at, "get")) options.gets = true
    else if (request.is(at, "nx") && options.condition !== "present") options.condition = "absent"
    else if (request.is(at, "xx") && options.condition !== "absent") options.condition = "present"
    else return refuse(engine)
  }
  return options
}

const refuse = (engine: Engine): undefined => {
  engine.fail(Problem.syntax)
  return undefined
}

const putPlain = ({ keyspace }: Engine, request: Request, value: number, keepsTtl: boolean) =>
  keyspace.put(
    request.bytes,
    request.start(1),
    request.end(1),
    request.start(value),
    request.end(value),
    keepsTtl
  )

/** Puts the value, and logs it with the moment at which it expires. */
const putUntil = (engine: Engine, request: Request, value: number, expiresAt: number): void => {
  const entry = putPlain(engine, request, value, false)
  engine.keyspace.setExpiry(entry, expiresAt)
  engine.log?.appendCommand("SET", entry.key, request.argument(value), "PXAT", expiresAt)
}

const set: Run = (engine, request) => {
  if (request.count === 3) {
    putPlain(engine, request, 2, false)
    engine.isChanged = true
    return engine.reply.ok()
  }
  const options = readOptions(engine, request)
  if (options === undefined) return
  const entry = find(engine, request, 1)
  if (options.gets) {
    if (entry === undefined) engine.reply.null()
    else if (holdsString(engine, entry)) engine.reply.bulk(entry.value)
    else return
  }
  const { condition, expiresAt, keepsTtl } = options
  if (condition !== "always" && (entry === undefined) !== (condition === "absent")) {
    return options.gets ? undefined : engine.reply.null()
  }
  if (expiresAt !== Infinity) putUntil(engine, request, 2, expiresAt)
  else {
    putPlain(engine, request, 2, keepsTtl)
    const keeps = keepsTtl ? ["KEEPTTL"] : []
    engine.log?.appendCommand("SET", request.argument(1), request.argument(2), ...keeps)
  }
  if (!options.gets) engine.reply.ok()
}

const setWithSeconds =
  (unit: ExpiryUnit, name: string): Run =>
  (engine, request) => {
    const moment = expiryMoment(engine, request, 2, unit, name)
    if (moment === undefined) return
    putUntil(engine, request, 3, moment)
    engine.reply.ok()
  }

export const sets = [
  command("set", -3, "grow", set),
  command("setex", 4, "grow", setWithSeconds("ex", "setex")),
  command("psetex", 4, "grow", setWithSeconds("px", "psetex"))
]
