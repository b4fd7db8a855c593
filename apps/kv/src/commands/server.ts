/** The server: what it is, how it is set up, what it has done. */
import { matches } from "../data/Glob.ts"
import type { Engine } from "../Engine.ts"
import { bytesOf } from "../resp/Ascii.ts"
import { type Command, command, type Run } from "./Command.ts"
import { sections } from "./info.ts"
import * as Problem from "./Problem.ts"

const unknownSubcommand = (name: string): string => `ERR unknown subcommand '${name.slice(0, 128)}'`

const info: Run = (engine, request) => {
  const asked = Array.from({ length: request.count - 1 }, (_, at) =>
    request.text(at + 1).toLowerCase()
  )
  const isAll = asked.length === 0 || asked.some((name) => /^(all|default|everything)$/.test(name))
  const chosen = sections(engine).filter(
    ({ title }) => isAll || asked.includes(title.toLowerCase())
  )
  engine.reply.text(
    chosen.map(({ lines, title }) => [`# ${title}`, ...lines, ""].join("\r\n")).join("\r\n")
  )
}

const config: Run = (engine, request) => {
  const { options, reply, statistics } = engine
  if (request.is(1, "get") && request.count >= 3) {
    const patterns = Array.from({ length: request.count - 2 }, (_, at) =>
      bytesOf(request.text(at + 2).toLowerCase())
    )
    const found = Array.from(options.configuration).filter(([name]) =>
      patterns.some((pattern) => matches(pattern, bytesOf(name)))
    )
    reply.map(found.length)
    for (const pair of found) for (const text of pair) reply.text(text)
  } else if (request.is(1, "resetstat")) {
    statistics.reset()
    reply.ok()
  } else if (request.is(1, "set")) engine.fail("ERR settings cannot be changed while it runs")
  else engine.fail(unknownSubcommand(request.text(1)))
}

const flags: { readonly [kind in Command["kind"]]: ReadonlyArray<string> } = {
  grow: ["write", "denyoom"],
  plain: [],
  read: ["readonly"],
  session: ["noscript", "fast"],
  subscription: ["pubsub", "noscript"],
  transaction: ["noscript", "fast"],
  write: ["write"]
}

const describe = ({ reply }: Engine, { arity, kind, name }: Command): void => {
  reply.array(6)
  reply.text(name)
  reply.integer(arity)
  reply.array(flags[kind].length)
  for (const flag of flags[kind]) reply.simple(flag)
  // Where its keys are: only clusters ask.
  for (let at = 0; at < 3; at++) reply.integer(0)
}

const commands: Run = (engine, request) => {
  const { commands: table, reply } = engine
  if (request.count === 1) {
    reply.array(table.all.length)
    for (const one of table.all) describe(engine, one)
  } else if (request.is(1, "count")) reply.integer(table.all.length)
  else if (request.is(1, "docs")) reply.map(0)
  else if (request.is(1, "list")) {
    reply.array(table.all.length)
    for (const { name } of table.all) reply.text(name)
  } else if (request.is(1, "info")) {
    reply.array(request.count - 2)
    for (let at = 2; at < request.count; at++) {
      const one = table.find(request, at)
      if (one === undefined) reply.nullArray()
      else describe(engine, one)
    }
  } else engine.fail(unknownSubcommand(request.text(1)))
}

const time: Run = ({ keyspace, reply }) => {
  reply.array(2)
  reply.text(String(Math.floor(keyspace.now / 1_000)))
  reply.text(String((keyspace.now % 1_000) * 1_000))
}

const rewrite: Run = (engine) => {
  if (engine.requestRewrite()) {
    engine.reply.simple("Background append only file rewriting started")
  } else engine.fail("ERR Background append only file rewriting already in progress")
}

const memory: Run = (engine, request) => {
  if (!request.is(1, "usage") || request.count !== 3) return engine.fail(Problem.syntax)
  const entry = engine.keyspace.find(request.bytes, request.start(2), request.end(2))
  if (entry === undefined) engine.reply.null()
  else engine.reply.integer(engine.keyspace.costOf(entry))
}

export const servers = [
  command("info", -1, "plain", info),
  command("config", -2, "plain", config),
  command("command", -1, "plain", commands),
  command("time", 1, "plain", time),
  command("bgrewriteaof", 1, "plain", rewrite),
  command("memory", -2, "read", memory)
]
