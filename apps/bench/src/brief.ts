/**
 * The part of all suites that is worth its time in most runs: what `pnpm bench --brief` measures,
 * and what the published figures come from.
 */
import type { Suite } from "./Suite.ts"

interface Part {
  readonly cases: ReadonlyArray<string>
  /** Those that peers play; all of them where undefined. */
  readonly peers?: ReadonlyArray<string>
}

/** Of the suites that are not here, everything. */
const parts: ReadonlyMap<string, Part> = new Map([
  [
    "tcp-echo",
    {
      cases: ["ping-pong", "in-flight-16", "bulk-64k", "idle-10k", "greedy", "descriptors-256"],
      peers: ["ping-pong", "bulk-64k"]
    }
  ],
  ["udp-echo", { cases: ["ping-pong", "in-flight-16"] }],
  ["models", { cases: ["connections-100", "connections-10000"] }],
  ["files", { cases: ["random-4k-x16", "small-files"] }],
  ["pool", { cases: ["tiny-x64", "move-1m"] }],
  ["scheduler", { cases: ["echo-under-1000", "yields-100", "forks", "deferred"] }],
  ["measuring", { cases: ["forks", "deferred"] }],
  [
    "profile",
    {
      cases: [
        "tcp-ping-pong",
        "tcp-bulk-64k",
        "udp-ping-pong",
        "kv-set-x16",
        "resolver-cached",
        "files-random-4k-x16",
        "pool-tiny-x1",
        "scheduler-yields-100",
        "sim-rpc-worlds"
      ]
    }
  ]
])

export const briefly = (suite: Suite): Suite => {
  const part = parts.get(suite.name)
  if (part === undefined) return suite
  const { cases, peers } = part
  return {
    ...suite,
    cases: suite.cases.filter(({ name }) => cases.includes(name)),
    contestants: suite.contestants.map((contestant) =>
      contestant.isPeer === true && peers !== undefined
        ? { ...contestant, plays: contestant.plays?.filter((it) => peers.includes(it)) ?? peers }
        : contestant
    )
  }
}

/** The cases by name, as somebody types them to measure one suite the same way. */
export const caseWords = (suite: Suite): ReadonlyArray<string> =>
  parts.has(suite.name) ? suite.cases.flatMap(({ name }) => ["--case", name]) : []
