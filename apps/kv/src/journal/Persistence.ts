/** The data directory: what is recovered from it, and what goes to it from then on. */
import { Files, type IoError } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Engine } from "../Engine.ts"
import { claimDirectory, type DirectoryInUse } from "./claimDirectory.ts"
import * as DataDirectory from "./dataDirectory.ts"
import { Journal, type SyncPolicy } from "./Journal.ts"
import type { DamagedLog } from "./LogReader.ts"
import { recover } from "./recover.ts"
import { Rewrite } from "./Rewrite.ts"

export interface PersistenceOptions {
  /** A directory; made when it is not there. For this server alone. */
  readonly data: string
  /** Of this process: a second server on the directory is told who is at it. */
  readonly processId: number
  readonly sync: SyncPolicy
  /** The log is written anew when it has so many bytes, and twice those that it had after that. */
  readonly rewriteBytesMin: number
}

/** What keeps a server from starting on a directory. */
export type StartError = DamagedLog | DirectoryInUse | IoError.IoError

export interface Persistence {
  readonly journal: Journal
  /** For the log: what was found. */
  readonly found: string
}

const logName = "kv.log"

/** What a rewrite left that a crash cut short. */
const removeLeftovers = (directory: string) =>
  Files.entries(directory).pipe(
    Stream.filter(({ name }) => name.startsWith(`.${logName}.`) && name.endsWith(".tmp")),
    Stream.runForEach(({ name }) => Files.remove(`${directory}/${name}`))
  )

/**
 * Recovers the keys into the engine, and writes what changes until the scope ends. The log is
 * durable, its name, too, when it succeeds. Fails with `DirectoryInUse` while another server has
 * the directory: nobody else may write to it, or read what is half-written.
 */
export const open = Effect.fnUntraced(function* (
  engine: Engine,
  options: PersistenceOptions
): Effect.fn.Return<Persistence, StartError, Files.Files | Scope.Scope> {
  const { data, processId, sync } = options
  const path = `${data}/${logName}`
  yield* DataDirectory.make(data)
  // First, and so the last to be given back: the log is closed by then.
  yield* claimDirectory(data, processId)
  yield* removeLeftovers(data)
  const file = yield* Files.open(path, { access: "readWrite", create: "ifMissing", mode: 0o600 })
  const { bytesCut, end, mark, records } = yield* recover(file, engine)
  yield* Files.syncDirectory(data)
  const journal = new Journal({ file, end, mark }, sync)
  engine.log = journal.sink
  yield* journal.run
  yield* rewriteWhenAsked(engine, journal, path, options.rewriteBytesMin)
  const found = `recovered keys=${engine.keyspace.size} records=${records} bytes_cut=${bytesCut}`
  return { journal, found }
})

/** One rewrite at a time, when a client asks for it or the log has grown. */
const rewriteWhenAsked = Effect.fnUntraced(function* (
  engine: Engine,
  journal: Journal,
  path: string,
  bytesMin: number
) {
  const rewrite = new Rewrite(engine, journal, path)
  const requests = yield* Queue.dropping<void>(1)
  const figures = { rewrites: 0, isRunning: false, lastFailure: "" }
  let bytesAfterLast = journal.bytes
  engine.requestRewrite = () => !figures.isRunning && Queue.offerUnsafe(requests, undefined)
  journal.onWritten = () => {
    const isLong = journal.bytes >= Math.max(bytesMin, 2 * bytesAfterLast)
    if (isLong && !figures.isRunning) Queue.offerUnsafe(requests, undefined)
  }
  engine.describeLog = () => [
    "aof_enabled:1",
    `aof_rewrite_in_progress:${figures.isRunning ? 1 : 0}`,
    `aof_rewrites:${figures.rewrites}`,
    `aof_last_bgrewrite_status:${figures.lastFailure === "" ? "ok" : "err"}`,
    `aof_current_size:${journal.bytes}`,
    `aof_base_size:${bytesAfterLast}`,
    `aof_buffer_length:${journal.buffer.waiting}`,
    `aof_records:${journal.records}`,
    `aof_syncs:${journal.syncs}`
  ]
  const once = Effect.gen(function* () {
    figures.isRunning = true
    yield* rewrite.run
    figures.rewrites++
    figures.lastFailure = ""
    yield* Effect.logDebug(`rewritten bytes=${journal.bytes}`)
  }).pipe(
    Effect.catchTag("IoError", (error) => {
      figures.lastFailure = error.message
      return Effect.logWarning(`The log could not be rewritten: ${error.message}`)
    }),
    Effect.ensuring(
      Effect.sync(() => {
        figures.isRunning = false
        // After a failure, too: not to be tried again with every record.
        bytesAfterLast = journal.bytes
      })
    )
  )
  yield* Queue.take(requests).pipe(Effect.andThen(once), Effect.forever, Effect.forkScoped)
})
