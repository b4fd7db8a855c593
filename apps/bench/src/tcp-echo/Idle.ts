/** What an idle connection costs: resident memory with 10,000 of them, less that with none. */
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import * as Host from "../Host.ts"
import type { IdleOptions } from "../load/IdleOptions.ts"
import { pin } from "../Pinning.ts"
import * as Subject from "../Subject.ts"
import * as Subprocess from "../Subprocess.ts"
import type { Case, Turn } from "../Suite.ts"

const generator = fileURLToPath(new URL("../load/idle.ts", import.meta.url))

const connections = 10_000

/**
 * Collects, and lets the host give back what it frees: both do it from a timer of their own. The
 * same on both sides of the difference and for every contestant.
 */
const settled = (subject: Subject.Subject) =>
  Effect.gen(function* () {
    yield* subject.usageCollected
    yield* Effect.sleep("200 millis")
    const { residentBytes } = yield* subject.usageCollected
    return residentBytes
  })

const measure = (turn: Turn) =>
  Effect.gen(function* () {
    const subject = yield* Subject.start(turn)
    const before = yield* settled(subject)
    const options: IdleOptions = { port: subject.port, connections }
    const command: Host.Command = [...Host.command("bun"), generator, JSON.stringify(options)]
    const load = yield* Subprocess.start(
      `The load on ${turn.contestant.name}`,
      pin(command, turn.pinning, "load")
    )
    yield* load.hear("done", "30 seconds")
    const after = yield* settled(subject)
    return { bytes_per_connection: (after - before) / connections, resident_bytes: after }
  })

export const idleCase = (name: string): Case => ({
  name,
  summary: "10,000 connections, one 64-byte message over each, then silence",
  measure
})
