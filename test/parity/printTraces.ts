/** Runs every program on a host's backend, one after the other, and prints what they said. */
import type { BackendLayer } from "@portico/core"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { withoutLogs } from "@portico/testkit/Logs"
import { traceOf } from "./Program.ts"
import { programs } from "./programs.ts"

export const printTraces = async (layer: Layer.Layer<BackendLayer.Services>): Promise<void> => {
  const traces: Array<readonly [string, string]> = []
  for (const program of programs) {
    const limited = Effect.timeoutOrElse(traceOf(program), {
      duration: "5 seconds",
      orElse: () => Effect.succeed("did not end in 5 seconds")
    })
    traces.push([
      program.name,
      await Effect.runPromise(withoutLogs(Effect.provide(limited, layer)))
    ])
  }
  process.stdout.write(JSON.stringify(traces))
}
