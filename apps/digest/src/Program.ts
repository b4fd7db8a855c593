/**
 * SHA-256 of files and of what is below directories, as `sha256sum` writes it, on as many threads
 * as are asked for, while the loop's own stays free.
 */
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as PlatformError from "effect/PlatformError"
import type * as Scope from "effect/Scope"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import type * as Terminal from "effect/Terminal"
import { type BlockingPool, Files, type IoError, Reason } from "@portico/core"
import * as Hashing from "./Hashing.ts"
import * as Line from "./Line.ts"
import * as Progress from "./Progress.ts"
import * as Tree from "./Tree.ts"

export interface Options {
  readonly paths: ReadonlyArray<string>
  /** 1 to 64. */
  readonly threads: number
}

/** Some files have no hash; the others were written. */
export class Incomplete extends Data.TaggedError("Incomplete")<{
  readonly files: number
  readonly failed: number
}> {
  override get message(): string {
    return `${this.failed} of ${this.files} could not be read`
  }
}

/** Nobody takes what is written any more, as when `head` has seen enough. */
export class OutputEnded extends Data.TaggedError("OutputEnded")<{
  readonly cause: PlatformError.PlatformError
}> {
  override get message(): string {
    return "standard output takes no more"
  }
}

/** A file's hash, or why there is none. */
export type Outcome =
  | { readonly path: string; readonly hex: string }
  | { readonly path: string; readonly problem: string }

const outcomeOf = (hashing: Hashing.Hashing, found: Tree.Found): Effect.Effect<Outcome> =>
  "problem" in found
    ? Effect.succeed({ path: found.path, problem: Reason.format(found.problem.reason) })
    : Effect.map(hashing.hash(found.path), (hashed) => ({ path: found.path, ...hashed }))

/** In the order of the tree, whatever the order in which the threads end. */
export const digest = (
  paths: ReadonlyArray<string>,
  hashing: Hashing.Hashing
): Stream.Stream<Outcome, never, Files.Files> =>
  Tree.files(paths).pipe(
    Stream.mapEffect((found) => outcomeOf(hashing, found), { concurrency: hashing.filesMax })
  )

/** What there is to do, for the bar; a file that cannot be looked at counts as empty. */
const totalOf = (paths: ReadonlyArray<string>) =>
  Tree.files(paths).pipe(
    Stream.mapEffect(
      ({ path }) =>
        Effect.map(Files.stat(path), ({ bytes }) => Number(bytes)).pipe(
          Effect.orElseSucceed(() => 0)
        ),
      { concurrency: 4 }
    ),
    Stream.runFold(
      () => ({ files: 0, bytes: 0 }),
      ({ bytes, files }, more) => ({ files: files + 1, bytes: bytes + more })
    )
  )

type Surroundings = BlockingPool.BlockingPool | Files.Files | Stdio.Stdio | Terminal.Terminal

interface Counts {
  done: number
  failed: number
}

/** What is drawn, if anything is. */
const drawProgress = Effect.fnUntraced(function* (
  paths: ReadonlyArray<string>,
  hashing: Hashing.Hashing,
  counts: Counts
): Effect.fn.Return<Progress.Drawing | undefined, never, Surroundings | Scope.Scope> {
  let total: Progress.Progress["total"]
  const drawing = yield* Progress.draw((seconds) => {
    return { filesDone: counts.done, bytesRead: Number(hashing.bytesRead()), seconds, total }
  })
  if (drawing === undefined) return undefined
  yield* Effect.forkScoped(Effect.map(totalOf(paths), (counted) => void (total = counted)))
  return drawing
})

/**
 * The app: a line of standard output for each file, and one of standard error for each that has no
 * hash; with a bar on standard error while it is a terminal. Fails with `Incomplete` then, after
 * all others were written, and with `OutputEnded`. Interrupted, it stops within moments: a thread
 * is told between reads.
 */
export const run = ({
  paths,
  threads
}: Options): Effect.Effect<void, Incomplete | IoError.IoError | OutputEnded, Surroundings> =>
  Effect.gen(function* () {
    const hashing = yield* Hashing.make(threads)
    const counts: Counts = { done: 0, failed: 0 }
    const drawing = yield* drawProgress(paths, hashing, counts)
    const lineOf = Effect.fnUntraced(function* (outcome: Outcome) {
      counts.done++
      if (drawing !== undefined) yield* drawing.clear
      if ("hex" in outcome) return `${Line.format(outcome)}\n`
      counts.failed++
      yield* Console.error(`digest: ${outcome.path}: ${outcome.problem}`)
      return ""
    })
    const stdio = yield* Stdio.Stdio
    yield* Stream.run(Stream.mapEffect(digest(paths, hashing), lineOf), stdio.stdout()).pipe(
      Effect.mapError((cause) => new OutputEnded({ cause }))
    )
    const { done, failed } = counts
    if (failed > 0) return yield* new Incomplete({ files: done, failed })
  }).pipe(Effect.scoped)
