/** `apps/kv` as its command starts it, with a data directory of its own. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { control } from "../../servers/Control.ts"
import { serve } from "../../../../kv/src/Program.ts"

const MiB = 1024 * 1024

export const program = Effect.gen(function* () {
  const folder = mkdtempSync(join(tmpdir(), "portico-bench-"))
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
  const { address } = yield* serve({
    listen: { host: "127.0.0.1", port: 0 },
    data: folder,
    processId: process.pid,
    sync: "every-second",
    // Redis does that in a process of its own, whose CPU would not be counted.
    rewriteBytesMin: 64 * 1024 * MiB,
    memoryBytesMax: 256 * MiB,
    requestBytesMax: 64 * MiB,
    replyBytesMax: 128 * MiB,
    inputBytesMax: 128 * MiB,
    subscriberBytesMax: 32 * MiB,
    transactionBytesMax: 16 * MiB,
    connectionsMax: 10_000,
    idleTimeout: Duration.days(1),
    drainDeadline: Duration.seconds(5)
  })
  control("port" in address ? address.port : 0)
  return yield* Effect.never
}).pipe(Effect.scoped)
