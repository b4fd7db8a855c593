/** A process that speaks in lines. It ends with the scope, and so does every wait for it. */
import type * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { PlatformError } from "effect/PlatformError"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { ChildProcess } from "effect/process"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { Failure } from "./Failure.ts"
import type { Command } from "./Host.ts"
import * as Line from "./Line.ts"

export interface Subprocess {
  readonly say: (line: string) => Effect.Effect<void>
  /**
   * The text of the next line that begins with `word`; other lines are dropped. Fails when the
   * process ends first or `within` passes, and shows the end of its standard error.
   */
  readonly hear: (word: Line.Word, within: Duration.Input) => Effect.Effect<string, Failure>
}

const linesHeldMax = 256
const errorCharactersMax = 2_000

/** Ended by the end of its input, with time to reset its connections; killed if it stays. */
const spawn = ([executable, ...options]: Command, input: Queue.Queue<string, Cause.Done>) =>
  Effect.gen(function* () {
    const spawner = yield* ChildProcessSpawner
    const child = yield* spawner.spawn(
      ChildProcess.make(executable, options, {
        stdin: Stream.encodeText(Stream.fromQueue(input)),
        killSignal: "SIGKILL"
      })
    )
    yield* Effect.addFinalizer(() =>
      Queue.end(input).pipe(
        Effect.andThen(child.exitCode),
        Effect.timeout("500 millis"),
        Effect.ignore
      )
    )
    return child
  })

const linesOf = (output: Stream.Stream<Uint8Array, PlatformError>) =>
  Effect.gen(function* () {
    // Sliding: a process that logs to standard output must not block on us.
    const lines = yield* Queue.sliding<string, "Ended">(linesHeldMax)
    yield* Stream.decodeText(output).pipe(
      Stream.splitLines,
      Stream.runForEach((line) => Queue.offer(lines, line)),
      Effect.ignore,
      Effect.ensuring(Queue.fail(lines, "Ended")),
      Effect.forkScoped
    )
    return lines
  })

/** Reads all, keeps the end, which the answered function shows. */
const endOf = (output: Stream.Stream<Uint8Array, PlatformError>) =>
  Effect.gen(function* () {
    let kept = ""
    yield* Stream.decodeText(output).pipe(
      Stream.runForEach((text) =>
        Effect.sync(() => {
          kept = (kept + text).slice(-errorCharactersMax)
        })
      ),
      Effect.ignore,
      Effect.forkScoped
    )
    return () => kept.trim()
  })

export const start = (
  name: string,
  command: Command
): Effect.Effect<Subprocess, Failure, ChildProcessSpawner | Scope.Scope> =>
  Effect.gen(function* () {
    const input = yield* Queue.bounded<string, Cause.Done>(linesHeldMax)
    const child = yield* spawn(command, input)
    const errors = yield* endOf(child.stderr)
    const lines = yield* linesOf(child.stdout)

    const failure = (problem: string) =>
      Effect.suspend(() =>
        Effect.fail(new Failure({ message: [`${name} ${problem}`, errors()].join("\n").trim() }))
      )
    const next = (word: Line.Word) =>
      Effect.gen(function* () {
        while (true) {
          const text = Line.parse(word, yield* Queue.take(lines))
          if (text !== undefined) return text
        }
      })
    const hear = (word: Line.Word, within: Duration.Input) =>
      next(word).pipe(
        // What it wrote to standard error just before its end arrives a little after it.
        Effect.catch(() => Effect.delay(failure(`ended before it said "${word}"`), "50 millis")),
        Effect.timeoutOrElse({
          duration: within,
          orElse: () =>
            failure(
              `did not say "${word}" within ${Duration.format(Duration.fromInputUnsafe(within))}`
            )
        })
      )
    const say = (line: string) => Effect.asVoid(Queue.offer(input, `${line}\n`))
    return { say, hear }
  }).pipe(
    Effect.catchTag("PlatformError", (error) =>
      Effect.fail(new Failure({ message: `Cannot start ${name}: ${error.message}` }))
    )
  )
