/** A key as requests that make it what it is. */
import type { Entry } from "../data/Keyspace.ts"
import { ListValue } from "../data/Value.ts"
import type { LogSink } from "../Engine.ts"
import type { Argument } from "../resp/RequestWriter.ts"

/** Arguments of one request. */
const argumentsMax = 128

const inParts = (sink: LogSink, name: string, entry: Entry, args: Iterable<Argument>): void => {
  let part: Array<Argument> = []
  const put = () => {
    if (part.length > 0) sink.appendCommand(name, entry.key, ...part)
    part = []
  }
  for (const one of args) {
    part.push(one)
    if (part.length === argumentsMax) put()
  }
  put()
}

export const dump = (entry: Entry, sink: LogSink): void => {
  const { expiresAt, key, value } = entry
  const isMortal = expiresAt !== Infinity
  if (value instanceof Uint8Array) {
    const until = isMortal ? ["PXAT", expiresAt] : []
    return sink.appendCommand("SET", key, value, ...until)
  }
  if (value instanceof ListValue) inParts(sink, "RPUSH", entry, value.toArray())
  else {
    inParts(
      sink,
      "HSET",
      entry,
      value.nodes.flatMap((field) => [field.key, field.value])
    )
  }
  if (isMortal) sink.appendCommand("PEXPIREAT", key, expiresAt)
}
