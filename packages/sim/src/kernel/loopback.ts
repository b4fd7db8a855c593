/** Packets within the only host of a world: they arrive one latency later, whatever happens. */
import type { Strand, Task } from "../loop/Strand.ts"
import type { Host } from "./Host.ts"

/** Told of them, for whoever keeps a trace. */
export interface LoopbackWatch {
  /** Gives what `delivered` is told when it is there. */
  sent(kind: string, bytes: number): number
  delivered(sent: number): void
}

export const sendLoopback = (
  host: Host,
  lane: Strand,
  kind: string,
  bytes: number,
  arrive: Task
): void => {
  const { options, timeline, watch } = host
  if (watch === undefined) return void timeline.after(options.latencyNanos, lane, arrive)
  const sent = watch.sent(kind, bytes)
  timeline.after(options.latencyNanos, lane, () => {
    watch.delivered(sent)
    arrive()
  })
}
