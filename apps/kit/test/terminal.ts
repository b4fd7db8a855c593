/** A terminal of 80 columns and 24 rows that shows nothing, and that nobody types at. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Terminal from "effect/Terminal"

const unused = Effect.die("unused")

export const terminal = Layer.succeed(
  Terminal.Terminal,
  Terminal.make({
    columns: Effect.succeed(80),
    rows: Effect.succeed(24),
    size: unused,
    readInput: unused,
    readLine: unused,
    display: () => Effect.void
  })
)
