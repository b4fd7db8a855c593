/** Publishing and subscribing. */
import { matches } from "../data/Glob.ts"
import type { Engine } from "../Engine.ts"
import { nameBytesMax, subscriptionsMax } from "../pubsub/Channels.ts"
import { bytesOf } from "../resp/Ascii.ts"
import { command, type Run } from "./Command.ts"

const publish: Run = (engine, request) => {
  const count = engine.channels.publish(request.argument(1), request.text(1), request.argument(2))
  engine.reply.integer(count)
}

/** A reply for each channel: `kind`, which, and how many subscriptions there are now. */
const tell = ({ reply, session }: Engine, kind: string, name: string | undefined): void => {
  reply.push(3)
  reply.text(kind)
  if (name === undefined) reply.null()
  else reply.text(name)
  reply.integer(session.subscriptions)
}

const subscribing =
  (kind: "psubscribe" | "subscribe"): Run =>
  (engine, request) => {
    const { channels, session } = engine
    if (session.subscriptions + request.count - 1 > subscriptionsMax) {
      return engine.fail(`ERR a connection subscribes to at most ${subscriptionsMax} channels`)
    }
    for (let at = 1; at < request.count; at++) {
      if (request.length(at) <= nameBytesMax) continue
      return engine.fail(`ERR a channel's name has at most ${nameBytesMax} bytes`)
    }
    session.outbox ??= session.openOutbox()
    for (let at = 1; at < request.count; at++) {
      const name = request.text(at)
      if (kind === "subscribe") channels.subscribe(session, name)
      else channels.subscribePattern(session, name)
      tell(engine, kind, name)
    }
  }

const unsubscribing =
  (kind: "punsubscribe" | "unsubscribe"): Run =>
  (engine, request) => {
    const { channels, session } = engine
    const all = kind === "unsubscribe" ? session.channels : session.patterns
    const named = Array.from({ length: request.count - 1 }, (_, at) => request.text(at + 1))
    const names = named.length === 0 ? Array.from(all) : named
    if (names.length === 0) return tell(engine, kind, undefined)
    for (const name of names) {
      if (kind === "unsubscribe") channels.unsubscribe(session, name)
      else channels.unsubscribePattern(session, name)
      tell(engine, kind, name)
    }
  }

const pubsub: Run = (engine, request) => {
  const { channels, reply } = engine
  if (request.is(1, "channels") && request.count <= 3) {
    const pattern = request.count === 3 ? request.argument(2) : undefined
    const names = Array.from(channels.names).filter(
      (name) => pattern === undefined || matches(pattern, bytesOf(name))
    )
    reply.array(names.length)
    for (const name of names) reply.text(name)
  } else if (request.is(1, "numsub")) {
    reply.map(request.count - 2)
    for (let at = 2; at < request.count; at++) {
      reply.text(request.text(at))
      reply.integer(channels.subscribersOf(request.text(at)))
    }
  } else if (request.is(1, "numpat")) reply.integer(channels.patternCount)
  else engine.fail(`ERR unknown subcommand '${request.text(1).slice(0, 128)}'`)
}

export const pubsubs = [
  command("publish", 3, "plain", publish),
  command("subscribe", -2, "subscription", subscribing("subscribe")),
  command("psubscribe", -2, "subscription", subscribing("psubscribe")),
  command("unsubscribe", -1, "subscription", unsubscribing("unsubscribe")),
  command("punsubscribe", -1, "subscription", unsubscribing("punsubscribe")),
  command("pubsub", -2, "plain", pubsub)
]
