/**
 * What a process can tell of its loop at any time, also while every fiber of it waits: the
 * questions are answered in one step, on a scheduler of their own.
 */
import { EventLoop } from "@portico/core/EventLoop"
import * as LoopDump from "@portico/core/LoopDump"
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { hostResources } from "./NodeResources.ts"

type Loop = Context.Service.Shape<typeof EventLoop>
type Ask = <A>(question: (loop: Loop) => Effect.Effect<A>) => A

/** Lines of a report that nobody asked for. */
const linesMax = 64

const indented = (lines: ReadonlyArray<string>): string => {
  const shown = lines.slice(0, linesMax).map((line) => `\n  ${line}`)
  const left = lines.length - shown.length
  return left > 0 ? `${shown.join("")}\n  … and ${left} lines more` : shown.join("")
}

const dumpOrCause = (loop: Loop): Effect.Effect<string> =>
  Effect.catchCause(loop.dump, (cause) => Effect.succeed(`cannot be told: ${Cause.pretty(cause)}`))

export class NodeLoopReport {
  private ask: Ask | undefined

  /** From now until the program ends, its loop can be asked. */
  readonly attach: Effect.Effect<void, never, EventLoop> = Effect.gen({ self: this }, function* () {
    const loop = yield* EventLoop
    const run = Effect.runSyncWith(yield* Effect.context<EventLoop>())
    this.ask = (question) => run(question(loop))
  })

  /** Its services have closed, and know nothing more. */
  detach(): void {
    this.ask = undefined
  }

  /** Whether anything of ours is open, ref'd or not. */
  get hasHandles(): boolean {
    return (this.ask?.((loop) => loop.handles).length ?? 0) > 0
  }

  /**
   * Before the program's start and after its end, what the host knows. A dump that dies says so: it
   * may not end the program.
   */
  get dump(): string {
    const text = this.ask?.(dumpOrCause) ?? `kept alive by${this.keptAliveBy}`
    return `The event loop of process ${process.pid}\n${text}\n`
  }

  /** An indented line for each fiber that waits. */
  get fibers(): string {
    return indented(this.ask?.((loop) => loop.fibers).flatMap(LoopDump.formatFiber) ?? [])
  }

  /** An indented line for each thing that keeps the process alive. */
  get keptAliveBy(): string {
    const known = this.ask?.((loop) => loop.keptAliveBy) ?? hostResources()
    return indented(known.length > 0 ? known : ["something that the host does not name"])
  }
}
