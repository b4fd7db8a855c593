/** The data directory, made so that it outlasts a crash. */
import { Files, type IoError } from "@portico/core"
import * as Effect from "effect/Effect"

/** `a/b` of `a/b/c`, `/` of `/a`, `.` of `a`. */
const parentOf = (path: string): string => {
  const end = path.replace(/\/+$/, "").lastIndexOf("/")
  if (end < 0) return "."
  return end === 0 ? "/" : path.slice(0, end)
}

/** Which directories have to be made, the innermost first. */
const missing = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<ReadonlyArray<string>, IoError.IoError, Files.Files> {
  const found: Array<string> = []
  for (let at = path; at !== "." && at !== "/"; at = parentOf(at)) {
    const isThere = yield* Files.stat(at).pipe(
      Effect.as(true),
      Effect.catchTag("IoError", (error) =>
        error.reason._tag === "NotFound" ? Effect.succeed(false) : Effect.fail(error)
      )
    )
    if (isThere) break
    found.push(at)
  }
  return found
})

/**
 * Makes the directory when it is not there, with those above it. A name is durable when the
 * directory that it is in was synced, and that of a directory is no exception; its own is synced
 * also when it was there: who made it may have been killed before it came to that.
 */
export const make = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<void, IoError.IoError, Files.Files> {
  const names = new Set([path, ...(yield* missing(path))])
  yield* Files.createDirectory(path, { recursive: true })
  for (const name of names) {
    yield* Files.syncDirectory(parentOf(name)).pipe(
      // Whoever may not read it has not made anything in it either.
      Effect.catchTag("IoError", (error) =>
        error.reason._tag === "PermissionDenied" ? Effect.void : Effect.fail(error)
      )
    )
  }
})
