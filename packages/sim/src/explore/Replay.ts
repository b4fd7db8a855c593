/**
 * A failing run on its own: what it was, and every decision of it. As text, it is what a file
 * `*.simreplay` holds: a line of JSON, then the decisions in base 64.
 */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import * as Bytes from "./DecisionBytes.ts"
import type { Decisions } from "./Decisions.ts"

export interface Replay {
  /** Which scenario it is of: the test's full name. */
  readonly name: string
  readonly seed: number
  /** The text of the strategy that found it. */
  readonly strategy: string
  /** See `Explore.fingerprint`. */
  readonly fingerprint: string
  readonly steps: number
  readonly nanos: number
  /** Of all steps. */
  readonly hash: number
  /** Where it was recorded: versions and the like, for people. */
  readonly context: { readonly [name: string]: string }
  readonly decisions: Decisions
}

const version = 1
const columns = 100

export const write = ({ decisions, ...header }: Replay): string => {
  const text = Base64.encode(Bytes.encode(decisions))
  const lines = text.match(new RegExp(`.{1,${columns}}`, "g")) ?? []
  return [JSON.stringify({ version, ...header }), ...lines, ""].join("\n")
}

/** Throws `RangeError` unless `write` made it. */
export const read = (text: string): Replay => {
  const [first = "", ...rest] = text.split("\n")
  const header = readHeader(first)
  const bytes = Base64.decode(rest.join("").trim())
  if (Result.isFailure(bytes)) throw new RangeError("This is no replay: its decisions are damaged")
  return { ...header, decisions: Bytes.decode(bytes.success) }
}

const readHeader = (line: string): Omit<Replay, "decisions"> => {
  const header = parse(line)
  if (header["version"] !== version) {
    throw new RangeError(`This is no replay of version ${version}: ${line.slice(0, 60)}`)
  }
  const text = (name: string): string => {
    const value = header[name]
    if (typeof value !== "string") throw new RangeError(`This is no replay: it has no ${name}`)
    return value
  }
  const count = (name: string): number => {
    const value = header[name]
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value
    throw new RangeError(`This is no replay: it has no ${name}`)
  }
  return {
    name: text("name"),
    seed: count("seed"),
    strategy: text("strategy"),
    fingerprint: text("fingerprint"),
    steps: count("steps"),
    nanos: count("nanos"),
    hash: count("hash"),
    context: Object(header["context"]) as { readonly [name: string]: string }
  }
}

const parse = (line: string): { readonly [name: string]: unknown } => {
  try {
    return Object(JSON.parse(line)) as { readonly [name: string]: unknown }
  } catch {
    throw new RangeError(`This is no replay: ${line.slice(0, 60)}`)
  }
}
