/** When keys go by themselves: EXPIRE, TTL and their kin. */
import type { Entry } from "../data/Keyspace.ts"
import type { Engine } from "../Engine.ts"
import type { Request } from "../resp/Request.ts"
import { find, holdsString, look } from "./argument.ts"
import { command, type Run } from "./Command.ts"
import { anyMoment, type ExpiryUnit, expiryMoment, expiryUnitOf } from "./expiryMoment.ts"
import * as Problem from "./Problem.ts"

/** Sets the moment and logs it; a moment that has passed removes the key. */
const expireAt = (engine: Engine, entry: Entry, moment: number): void => {
  const { keyspace, log } = engine
  if (moment <= keyspace.now) {
    keyspace.remove(entry)
    log?.appendCommand("DEL", entry.key)
  } else {
    keyspace.setExpiry(entry, moment)
    log?.appendCommand("PEXPIREAT", entry.key, moment)
  }
}

const conditions: {
  readonly [word: string]: (before: number, after: number) => boolean
} = {
  nx: (before) => before === Infinity,
  xx: (before) => before !== Infinity,
  gt: (before, after) => after > before,
  lt: (before, after) => after < before
}

/** Undefined: an error was written. */
const isAllowed = (
  engine: Engine,
  request: Request,
  before: number,
  after: number
): boolean | undefined => {
  let isSo = true
  const given = new Set<string>()
  for (let at = 3; at < request.count; at++) {
    const word = Object.keys(conditions).find((name) => request.is(at, name))
    if (word === undefined) {
      engine.fail(`ERR Unsupported option ${request.text(at).slice(0, 128)}`)
      return undefined
    }
    given.add(word)
    isSo &&= conditions[word]!(before, after)
  }
  if ((given.has("nx") && given.size > 1) || (given.has("gt") && given.has("lt"))) {
    engine.fail("ERR NX and XX, GT or LT options at the same time are not compatible")
    return undefined
  }
  return isSo
}

const expire =
  (unit: ExpiryUnit, name: string): Run =>
  (engine, request) => {
    const moment = anyMoment(engine, request, 2, unit, name)
    if (moment === undefined) return
    const entry = find(engine, request, 1)
    const allowed = isAllowed(engine, request, entry?.expiresAt ?? Infinity, moment)
    if (allowed === undefined) return
    if (entry === undefined || !allowed) return engine.reply.integer(0)
    expireAt(engine, entry, moment)
    engine.reply.integer(1)
  }

const tell =
  (of: (expiresAt: number, now: number) => number): Run =>
  (engine, request) => {
    const entry = look(engine, request, 1)
    if (entry === undefined) engine.reply.integer(-2)
    else if (entry.expiresAt === Infinity) engine.reply.integer(-1)
    else engine.reply.integer(of(entry.expiresAt, engine.keyspace.now))
  }

const persist: Run = (engine, request) => {
  const entry = find(engine, request, 1)
  if (entry === undefined || entry.expiresAt === Infinity) return engine.reply.integer(0)
  engine.keyspace.setExpiry(entry, Infinity)
  engine.isChanged = true
  engine.reply.integer(1)
}

const getex: Run = (engine, request) => {
  let moment: number | undefined
  if (request.count > 2) {
    const unit = expiryUnitOf(request, 2)
    if (unit !== undefined && request.count === 4) {
      moment = expiryMoment(engine, request, 3, unit, "getex")
      if (moment === undefined) return
    } else if (request.count === 3 && request.is(2, "persist")) moment = Infinity
    else return engine.fail(Problem.syntax)
  }
  const entry = look(engine, request, 1)
  if (entry === undefined) return engine.reply.null()
  if (!holdsString(engine, entry)) return
  engine.reply.bulk(entry.value)
  if (moment === undefined || moment === entry.expiresAt) return
  if (moment !== Infinity) return expireAt(engine, entry, moment)
  engine.keyspace.setExpiry(entry, Infinity)
  engine.log?.appendCommand("PERSIST", entry.key)
}

export const expiry = [
  command("expire", -3, "write", expire("ex", "expire")),
  command("pexpire", -3, "write", expire("px", "pexpire")),
  command("expireat", -3, "write", expire("exat", "expireat")),
  command("pexpireat", -3, "write", expire("pxat", "pexpireat")),
  command(
    "ttl",
    2,
    "read",
    tell((at, now) => Math.round((at - now) / 1_000))
  ),
  command(
    "pttl",
    2,
    "read",
    tell((at, now) => at - now)
  ),
  command(
    "expiretime",
    2,
    "read",
    tell((at) => Math.floor(at / 1_000))
  ),
  command(
    "pexpiretime",
    2,
    "read",
    tell((at) => at)
  ),
  command("persist", 2, "write", persist),
  command("getex", -2, "write", getex)
]
