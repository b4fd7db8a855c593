/** Where a world of several hosts tells a trace: each life of a host, the network, each disk. */
import type { Task } from "../loop/Strand.ts"
import type { ChangeWatch } from "../disk/ChangeLog.ts"
import type { PacketWatch, Parcel } from "../kernel/Network.ts"
import { watchDisk } from "./DiskTrace.ts"
import { packetNames } from "./packetNames.ts"
import type { TraceRing } from "./TraceRing.ts"
import type { TraceSink } from "./TraceSink.ts"

export class WorldTrace {
  /** What happens outside of hosts: in the scenario. */
  readonly scenario: TraceSink
  /** What concerns all hosts. */
  readonly world: TraceSink
  private readonly ring: TraceRing
  private readonly now: () => number
  private readonly hosts = new Map<string, TraceSink>()
  private readonly sends = new WeakMap<Parcel, number>()
  private partitions = 0

  constructor(ring: TraceRing, now: () => number) {
    this.ring = ring
    this.now = now
    this.world = ring.of("", now)
    this.scenario = ring.of("scenario", now)
  }

  /** Of a process that begins; `incarnation` counts from 1. */
  begin(host: string, incarnation: number): TraceSink {
    const sink = this.ring.of(host, this.now, incarnation - 1)
    this.hosts.set(host, sink)
    if (incarnation > 1) sink.record("restart", {})
    return sink
  }

  /** A host's present life. */
  of(host: string): TraceSink {
    const found = this.hosts.get(host)
    if (found !== undefined) return found
    const sink = this.ring.of(host, this.now)
    this.hosts.set(host, sink)
    return sink
  }

  disk(host: string): ChangeWatch {
    return watchDisk(() => this.of(host))
  }

  carry(task: Task): Task {
    return this.world.carry(task)
  }

  readonly packet: PacketWatch = (passage, from, to, parcel) => {
    if (passage === "sent") {
      const packet = packetNames[parcel.kind] ?? parcel.kind
      const { bytes, fragments } = parcel
      const parts = fragments === 1 ? {} : { fragments }
      const data = { packet, bytes, to: to.name, ...parts }
      this.sends.set(parcel, this.of(from.name).record("send", data))
      return
    }
    const sent = this.sends.get(parcel)
    if (passage === "delivered") this.of(to.name).enter("deliver", {}, sent)
    else if (passage === "held") this.of(to.name).record("hold", {}, sent)
    else if (passage !== "duplicated") this.of(to.name).record("drop", { reason: passage }, sent)
  }

  /** Begins something that lasts; gives how to end it. */
  partition(between: string): () => void {
    const id = ++this.partitions
    this.world.record("partition", { between, id })
    return () => void this.world.record("heal", { between, id })
  }

  /** Any other fault that lasts; gives how to end it. */
  fault(what: string): () => void {
    this.world.record("fault", { what })
    return () => void this.world.record("fault", { what: `end of ${what}` })
  }
}
