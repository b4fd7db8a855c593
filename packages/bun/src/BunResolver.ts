/**
 * The `ResolverPort` on Bun: Node's, over Bun's `node:dns`, which answers `lookup`, its codes and
 * `getServers` alike (`NodeResolver.test.ts`). The faults of its record queries do not matter:
 * core asks name servers itself.
 */
import type { ResolverPort, TurnPort } from "@portico/core/port/index"
import * as NodeResolver from "@portico/node/NodeResolver"

/** Lookups and files share Bun's threads, of which there are two at least. */
const lookupsMax = 1

export const make = (turn: TurnPort, platform: NodeJS.Platform): ResolverPort =>
  NodeResolver.make({ turn, lookupsMax, hostsPath: NodeResolver.hostsPathOf(platform) })
