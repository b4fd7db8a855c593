/** What INFO says. */
import type { Engine } from "../Engine.ts"
import { redisVersion } from "./connection.ts"

export interface Section {
  readonly title: string
  /** `name:value` each. */
  readonly lines: ReadonlyArray<string>
}

const lines = (figures: { readonly [name: string]: number | string }): ReadonlyArray<string> =>
  Object.entries(figures).map(([name, value]) => `${name}:${value}`)

const subscribers = ({ sessions }: Engine): number => {
  let count = 0
  for (const { subscriptions } of sessions.values()) if (subscriptions > 0) count++
  return count
}

export const sections = (engine: Engine): ReadonlyArray<Section> => {
  const { keyspace, options, startedAt, statistics } = engine
  const { expiring, memoryBytes, now, size } = keyspace
  const server = {
    redis_version: redisVersion,
    redis_mode: "standalone",
    server_name: "portico-kv",
    uptime_in_seconds: Math.floor((now - startedAt) / 1_000)
  }
  const clients = {
    connected_clients: statistics.connections,
    pubsub_clients: subscribers(engine),
    watching_keys: engine.watches.size
  }
  const memory = {
    used_memory: memoryBytes,
    maxmemory: options.memoryBytesMax,
    maxmemory_policy: "noeviction"
  }
  const stats = {
    total_connections_received: statistics.connectionsAccepted,
    total_commands_processed: statistics.commands,
    total_error_replies: statistics.errors,
    rejected_out_of_memory: statistics.outOfMemory,
    total_net_input_bytes: statistics.bytesRead,
    total_net_output_bytes: statistics.bytesWritten,
    expired_keys: keyspace.expired,
    keyspace_hits: statistics.keyHits,
    keyspace_misses: statistics.keyMisses,
    pubsub_messages: statistics.messagesPublished,
    pubsub_subscribers_cut: statistics.subscribersCut
  }
  return [
    { title: "Server", lines: lines(server) },
    { title: "Clients", lines: lines(clients) },
    { title: "Memory", lines: lines(memory) },
    { title: "Persistence", lines: engine.describeLog() },
    { title: "Stats", lines: lines(stats) },
    {
      title: "Keyspace",
      lines: size === 0 ? [] : [`db0:keys=${size},expires=${expiring.size},avg_ttl=0`]
    }
  ]
}
