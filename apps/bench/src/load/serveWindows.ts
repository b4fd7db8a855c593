/** A generator's side of what it and the harness say: it is ready, and measures when it is told. */
import { createInterface } from "node:readline"
import * as Line from "../Line.ts"
import { secondsOf } from "./FlowOutcome.ts"

/** `seconds` is how long a window lasts that is not told otherwise. */
export const serveWindows = (
  measure: (seconds: number) => Promise<unknown>,
  seconds: number,
  { end = (): void => {}, ready = "" } = {}
): void => {
  const lines = createInterface({ input: process.stdin })
  lines.on("line", (line) => {
    void measure(secondsOf(line) ?? seconds).then((outcome) =>
      process.stdout.write(Line.format("done", JSON.stringify(outcome)))
    )
  })
  lines.on("close", () => {
    end()
    process.exit(0)
  })
  process.stdout.write(Line.format("ready", ready))
}
