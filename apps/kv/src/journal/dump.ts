/** A key as requests that make it what it is. */
import type { Entry } from "../data/Keyspace.ts"
import { ListValue } from "../data/Value.ts"
import type { LogSink } from "../Engine.ts"
import type { Bytes } from "../resp/Ascii.ts"

/** Arguments of one request, and bytes of them after which it ends. */
const argumentsMax = 128
const bytesMax = 1024 * 1024

/** Takes them one by one. */
export type Requests = Pick<LogSink, "appendCommand">

/** `args` in groups of `size` that stay together. */
const inParts = (
  sink: Requests,
  name: string,
  entry: Entry,
  args: ReadonlyArray<Bytes>,
  size: number
): void => {
  for (let from = 0, to = 0; from < args.length; from = to) {
    for (let bytes = 0; to < args.length && to - from < argumentsMax && bytes < bytesMax;) {
      for (const end = to + size; to < end; to++) bytes += args[to]!.length
    }
    sink.appendCommand(name, entry.key, ...args.slice(from, to))
  }
}

export const dump = (entry: Entry, sink: Requests): void => {
  const { expiresAt, key, value } = entry
  const isMortal = expiresAt !== Infinity
  if (value instanceof Uint8Array) {
    const until = isMortal ? ["PXAT", expiresAt] : []
    return sink.appendCommand("SET", key, value, ...until)
  }
  if (value instanceof ListValue) inParts(sink, "RPUSH", entry, value.toArray(), 1)
  else {
    inParts(
      sink,
      "HSET",
      entry,
      value.nodes.flatMap((field) => [field.key, field.value]),
      2
    )
  }
  if (isMortal) sink.appendCommand("PEXPIREAT", key, expiresAt)
}
