/** What passes within the only host of a world, told as packets between hosts are. */
import type { LoopbackWatch } from "../kernel/loopback.ts"
import { packetNames } from "./packetNames.ts"
import type { TraceSink } from "./TraceSink.ts"

export const watchLoopback = (sink: TraceSink, host: string): LoopbackWatch => ({
  sent: (kind, bytes) =>
    sink.record("send", { packet: packetNames[kind] ?? kind, bytes, to: host }),
  delivered: (sent) => void sink.enter("deliver", {}, sent)
})
