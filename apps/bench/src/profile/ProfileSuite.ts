/** Where the time goes: what of a message's cost is Portico's, Effect's and the host's. */
import type { Contestant } from "../Contestant.ts"
import { echoes } from "../Echoes.ts"
import type { Suite } from "../Suite.ts"
import { files } from "../files/Files.ts"
import { pool } from "../pool/Pool.ts"
import { scheduler } from "../scheduler/Scheduler.ts"
import { sim } from "../sim/Sim.ts"
import { profiledCase } from "./Profiled.ts"
import { sampledCase } from "./sampled.ts"
import { asked, echoed, resolved } from "./Traffic.ts"

const ofSockets = [
  "tcp-ping-pong",
  "tcp-in-flight-16",
  "tcp-bulk-64k",
  "udp-ping-pong",
  "tls-ping-pong"
]
const ofFiles = ["files-random-4k-x16", "files-small-files"]
const ofRawHosts = [...ofSockets, ...ofFiles, "pool-tiny-x1"]
const ofEffect = [...ofSockets, ...ofFiles, "scheduler-yields-100"]

const playedBy = (name: string): Pick<Contestant, "plays"> => {
  if (name.startsWith("portico")) return {}
  return { plays: name.startsWith("effect") ? ofEffect : ofRawHosts }
}

const contestants = echoes({ folder: "", hasPump: false }).map((one): Contestant => ({
  ...one,
  ...playedBy(one.name)
}))

const tcp = { generator: "flow.ts", folder: "", clients: 50 } as const
const udp = { generator: "datagrams.ts", folder: "udp/", clients: 50 } as const
const tls = { generator: "flow.ts", folder: "tls/", clients: 50 } as const

const small = { messageBytes: 64, inFlight: 1 }
const large = { messageBytes: 65_536, inFlight: 1 }

export const profile: Suite = {
  name: "profile",
  summary: "Where an operation's CPU time goes, in µs",
  baseline: "the raw host",
  contestants,
  cases: [
    profiledCase(
      "tcp-ping-pong",
      "TCP, 50 connections, 64 bytes, 1 in flight on each",
      echoed({
        ...tcp,
        shape: small
      })
    ),
    profiledCase(
      "tcp-in-flight-16",
      "TCP, 50 connections, 64 bytes, 16 in flight on each",
      echoed({
        ...tcp,
        shape: { messageBytes: 64, inFlight: 16 }
      })
    ),
    profiledCase(
      "tcp-bulk-64k",
      "TCP, 8 connections, 64 KiB, 1 in flight on each",
      echoed({
        ...tcp,
        clients: 8,
        shape: large
      })
    ),
    profiledCase(
      "udp-ping-pong",
      "UDP, 50 clients, 64 bytes, 1 in flight each",
      echoed({
        ...udp,
        shape: small
      })
    ),
    profiledCase(
      "tls-ping-pong",
      "TLS, 50 connections, 64 bytes, 1 in flight on each",
      echoed({
        ...tls,
        shape: small
      })
    ),
    profiledCase("kv-set-x16", "SET of `kv`, 50 connections, 16 in flight on each", asked),
    profiledCase("resolver-cached", "Answers of `resolver` from its cache", resolved),
    sampledCase(files, "random-4k-x16"),
    sampledCase(files, "small-files"),
    sampledCase(pool, "tiny-x1", { "node-raw": "postmessage", "bun-raw": "postmessage-bun" }),
    sampledCase(scheduler, "yields-100"),
    sampledCase(sim, "rpc-worlds")
  ]
}
