/** The connection itself: what it speaks, what it is called, when it ends. */
import type { Engine } from "../Engine.ts"
import type { Request } from "../resp/Request.ts"
import { command, type Run } from "./Command.ts"
import * as Problem from "./Problem.ts"

/** Clients look at it to know what a server can do; this is what this one can about do. */
export const redisVersion = "7.0.0"

const ping: Run = (engine, request) => {
  const { reply, session } = engine
  if (request.count > 2) return engine.fail(Problem.wrongArity("ping"))
  if (session.isRestricted) {
    reply.array(2)
    reply.text("pong")
    reply.text(request.count === 2 ? request.text(1) : "")
  } else if (request.count === 2) reply.bulk(request.bytes, request.start(1), request.end(1))
  else reply.simple("PONG")
}

const quit: Run = (engine) => {
  engine.session.isEnding = true
  engine.reply.ok()
}

const describe = ({ reply, session }: Engine): void => {
  reply.map(7)
  const pairs = [
    ["server", "redis"],
    ["version", redisVersion],
    ["proto", reply.protocol],
    ["id", session.id],
    ["mode", "standalone"],
    ["role", "master"]
  ] as const
  for (const [name, value] of pairs) {
    reply.text(name)
    if (typeof value === "number") reply.integer(value)
    else reply.text(value)
  }
  reply.text("modules")
  reply.array(0)
}

const isName = (text: string): boolean => /^[!-~]{0,256}$/.test(text)

const hello: Run = (engine, request) => {
  const { reply, session } = engine
  let name = session.name
  const asked = request.count > 1 ? request.text(1) : String(reply.protocol)
  if (asked !== "2" && asked !== "3") return engine.fail("NOPROTO unsupported protocol version")
  for (let at = 2; at < request.count; at++) {
    if (request.is(at, "setname") && at + 1 < request.count) name = request.text(++at)
    else if (request.is(at, "auth") && at + 2 < request.count) return engine.fail(noPassword)
    else return engine.fail(Problem.syntax)
  }
  if (!isName(name)) return engine.fail(badName)
  session.name = name
  reply.protocol = asked === "2" ? 2 : 3
  describe(engine)
}

const noPassword =
  "ERR Client sent AUTH, but no password is set. Did you mean AUTH <username> <password>?"
const badName = "ERR Client names cannot contain spaces, newlines or special characters."

/** As if it had just connected. */
const reset: Run = (engine) => {
  const { channels, reply, session } = engine
  engine.forget(session)
  channels.leave(session)
  session.name = ""
  reply.protocol = 2
  reply.simple("RESET")
}

const describeClient = (engine: Engine, request: Request): void => {
  const { reply, session } = engine
  if (request.is(1, "id")) reply.integer(session.id)
  else if (request.is(1, "getname")) reply.text(session.name)
  else if (request.is(1, "setname") && request.count === 3) {
    if (!isName(request.text(2))) return engine.fail(badName)
    session.name = request.text(2)
    reply.ok()
  } else if (request.is(1, "setinfo") && request.count === 4) reply.ok()
  else if (request.is(1, "info")) reply.text(line(engine, session.id))
  else if (request.is(1, "list")) {
    reply.text(Array.from(engine.sessions.keys(), (id) => `${line(engine, id)}\n`).join(""))
  } else engine.fail(`ERR unknown subcommand '${request.text(1).slice(0, 128)}'`)
}

const line = ({ sessions }: Engine, id: number): string => {
  const { channels, name, outbox, patterns, reply, transaction } = sessions.get(id)!
  const queued = transaction === undefined ? -1 : transaction.queue.length
  return (
    `id=${id} name=${name} db=0 sub=${channels.size} psub=${patterns.size} multi=${queued}` +
    ` omem=${outbox?.waiting ?? 0} resp=${reply.protocol}`
  )
}

const select: Run = (engine, request) => {
  if (request.text(1) === "0") engine.reply.ok()
  else engine.fail("ERR DB index is out of range")
}

const echo: Run = ({ reply }, request) =>
  reply.bulk(request.bytes, request.start(1), request.end(1))

export const connections = [
  command("ping", -1, "session", ping),
  command("echo", 2, "plain", echo),
  command("quit", -1, "transaction", quit),
  command("hello", -1, "session", hello),
  command("reset", 1, "transaction", reset),
  command("client", -2, "session", describeClient),
  command("select", 2, "session", select),
  command("auth", -2, "session", (engine) => engine.fail(noPassword))
]
