/** What CONFIG GET tells: as much as Redis's own tools ask for. */
import * as Duration from "effect/Duration"
import type { Options } from "./Options.ts"

export const configuration = (options: Options): ReadonlyMap<string, string> => {
  const { connectionsMax, data, idleTimeout, listen, memoryBytesMax, sync } = options
  return new Map([
    ["appendonly", "yes"],
    ["appendfsync", sync === "always" ? "always" : "everysec"],
    ["auto-aof-rewrite-min-size", String(options.rewriteBytesMin)],
    ["bind", listen.host],
    ["client-query-buffer-limit", String(options.requestBytesMax)],
    ["databases", "1"],
    ["dir", data],
    ["maxclients", String(connectionsMax)],
    ["maxmemory", String(memoryBytesMax)],
    ["maxmemory-policy", "noeviction"],
    ["port", String(listen.port)],
    ["proto-max-bulk-len", String(options.requestBytesMax)],
    ["save", ""],
    ["timeout", String(Math.ceil(Duration.toSeconds(idleTimeout)))]
  ])
}
