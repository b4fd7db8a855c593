/** One server at a time on a data directory: two of them would write over each other's log. */
import { type File, Files, type IoError } from "@portico/core"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { binaryText, bytesOf } from "../resp/Ascii.ts"

const lockName = "kv.lock"
const holderBytesMax = 256

/** Another server is at it: nothing was read or changed. */
export class DirectoryInUse extends Data.TaggedError("DirectoryInUse")<{
  readonly directory: string
  /** What the other said of itself; when it has come only just now, empty or its predecessor's. */
  readonly holder: string
  readonly message: string
}> {}

const refuse = (directory: string, file: File.File) =>
  Effect.flatMap(file.readAt(0, holderBytesMax), (bytes) => {
    const holder = binaryText(bytes).trim()
    const who = holder === "" ? "" : `, ${holder}`
    const message = `Another server uses the data directory${who}: ${directory}`
    return new DirectoryInUse({ directory, holder, message })
  })

/**
 * Keeps other servers out of the directory, which is there, until the scope ends or the process
 * dies, however it does: the lock is the kernel's, and its file only says who holds it. That file
 * stays, since whoever removed it could take it from under the next. Where the host has no such
 * locks, it is logged that nothing keeps a second server out.
 */
export const claimDirectory = Effect.fnUntraced(function* (
  directory: string,
  processId: number
): Effect.fn.Return<void, DirectoryInUse | IoError.IoError, Files.Files | Scope.Scope> {
  const path = `${directory}/${lockName}`
  const file = yield* Files.open(path, { access: "readWrite", create: "ifMissing", mode: 0o600 })
  const isLocked = yield* file.lock("exclusive").pipe(
    Effect.as(true),
    Effect.catchTag("IoError", (error) => {
      if (error.reason._tag === "Busy") return refuse(directory, file)
      if (error.reason._tag !== "Unsupported") return Effect.fail(error)
      return Effect.as(Effect.logWarning(`Nothing keeps a second server out: ${path}`), false)
    })
  )
  if (!isLocked) return
  const since = DateTime.formatIso(yield* DateTime.now)
  yield* file.truncate(0)
  yield* file.writeAt(0, bytesOf(`process ${processId} since ${since}\n`))
})
