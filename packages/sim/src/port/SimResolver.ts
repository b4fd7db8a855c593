/** The simulated system's resolver: it answers from a `SimZone`, as late as that says. */
import type { LookupEvents, LookupRequest, ResolverPort } from "@portico/core/port/index"
import { PortFailure } from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import { LoopRef } from "../loop/LoopRef.ts"
import type { SimPorts } from "./SimPorts.ts"
import type { SimHostEntry, SimZone } from "./SimZone.ts"
import { StrandKind } from "../loop/Strand.ts"

const isFamily = (address: string, family: 0 | 4 | 6): boolean =>
  family === 0 || address.includes(":") === (family === 6)

const outcome = (entry: SimHostEntry | undefined, family: 0 | 4 | 6) => {
  if (entry === undefined) return Reason.NameNotFound()
  if (entry.failure !== undefined) return entry.failure
  const addresses = (entry.addresses ?? []).filter((address) => isFamily(address, family))
  return addresses.length === 0 ? Reason.NoData() : addresses
}

export class SimResolver implements ResolverPort {
  /** As on Node, whose pool has four threads: so many wait for the others here, too. */
  readonly lookupsMax = 2
  private readonly ports: SimPorts
  private readonly zone: SimZone

  constructor(ports: SimPorts, zone: SimZone) {
    this.ports = ports
    this.zone = zone
  }

  /** The entry counts as it is when the answer comes, the delay as it is now. */
  lookup({ family, name }: LookupRequest, events: LookupEvents): void {
    const { world } = this.ports
    const fault = this.zone.faults?.next()
    const delayNanos = (this.zone.find(name)?.delayNanos ?? 0) + (fault?.delayNanos ?? 0)
    // Nothing will come: a loop that waits for that alone has nothing to wait for.
    if (delayNanos === Infinity) return
    const ref = new LoopRef(world)
    world.after(delayNanos, world.strand(StrandKind.port), () => {
      ref.drop()
      const found = fault?.failure ?? outcome(this.zone.find(name), family)
      this.ports.raise(() => {
        if ("_tag" in found) events.onFailed(new PortFailure(found))
        else events.onFound(found)
      })
    })
  }

  servers(): ReadonlyArray<string> {
    return this.zone.servers
  }

  hosts(): string {
    return this.zone.hosts
  }
}
