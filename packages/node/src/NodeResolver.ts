/** The `ResolverPort` over `node:dns` and the hosts file. */
import * as Dns from "node:dns"
import * as Fs from "node:fs"
import {
  type LookupEvents,
  type LookupRequest,
  type PortFailure,
  raise,
  type ResolverPort,
  type TurnPort
} from "@portico/core/port/index"
import { failureOf } from "./NodeErrno.ts"

/** The hosts file is small; one that is not is not read further. */
const hostsBytesMax = 1024 * 1024

/**
 * libuv gives lookups half of its threads, rounded up, and the other half stays for files
 * (`UV_THREADPOOL_SIZE`, 4 by default). What is above that would only wait in its queue.
 */
export const lookupsMaxOf = (poolSize: string | undefined): number => {
  const given = Number.parseInt(poolSize ?? "", 10)
  const threads = Number.isNaN(given) ? 4 : Math.min(Math.max(given, 1), 1024)
  return Math.max(1, Math.floor(threads / 2))
}

export interface NodeResolverOptions {
  readonly turn: TurnPort
  readonly lookupsMax: number
  readonly hostsPath: string
}

export const make = ({ hostsPath, lookupsMax, turn }: NodeResolverOptions): ResolverPort => ({
  lookupsMax,
  lookup: (request, events) => lookup(turn, request, events),
  servers: () => Dns.getServers(),
  hosts: () => read(hostsPath)
})

/** Where systems keep their hosts file. */
export const hostsPathOf = (platform: NodeJS.Platform): string =>
  platform === "win32" ? "C:\\Windows\\System32\\drivers\\etc\\hosts" : "/etc/hosts"

// Without it there are no hosts, whatever the reason, as for the system's own resolver.
const read = (path: string): string => {
  try {
    return Fs.statSync(path).size > hostsBytesMax ? "" : Fs.readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

const lookup = (turn: TurnPort, request: LookupRequest, events: LookupEvents): void => {
  const fail = (failure: PortFailure) => raise(turn, () => events.onFailed(failure))
  const options = { all: true, family: request.family, order: "verbatim" } as const
  try {
    Dns.lookup(request.name, options, (error, addresses) => {
      if (error !== null) fail(failureOf(error))
      else raise(turn, () => events.onFound(addresses.map(({ address }) => address)))
    })
  } catch (error) {
    // Thrown for what Node itself refuses as a name.
    queueMicrotask(() => fail(failureOf(error)))
  }
}
