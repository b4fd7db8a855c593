/** Runs every program on a host's backend, one after the other, and prints what they said. */
import type { BackendLayer } from "@portico/core"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { withoutLogs } from "@portico/testkit/Logs"
import { traceOf } from "./Program.ts"
import { programs } from "./programs.ts"

// A machine that does forty things at once takes seconds for what else takes milliseconds: "tcp: c
// fill, c close, s close", which waits for a second in any case, took more than five.
const limitSeconds = 30

export const printTraces = async (layer: Layer.Layer<BackendLayer.Services>): Promise<void> => {
  const traces: Array<readonly [string, string]> = []
  for (const program of programs) {
    const limited = Effect.timeoutOrElse(traceOf(program), {
      duration: `${limitSeconds} seconds`,
      orElse: () => Effect.succeed(`did not end in ${limitSeconds} seconds`)
    })
    traces.push([
      program.name,
      await Effect.runPromise(withoutLogs(Effect.provide(limited, layer)))
    ])
  }
  process.stdout.write(JSON.stringify(traces))
}
