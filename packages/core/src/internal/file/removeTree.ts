/**
 * `Files.removeTree`. A directory is read a batch at a time from its start, since what was read is
 * gone by then: so none stays open while what is below it goes, and few names are held a level.
 */
import * as Effect from "effect/Effect"
import { type IoError, isIoError } from "../../IoError.ts"
import type { PortDirectoryEntry } from "../../port/FilePort.ts"
import { Site } from "../../Site.ts"
import type { FileHost } from "./FileHost.ts"
import { openDirectory } from "./openFile.ts"
import { list, plain } from "./paths.ts"
import { join } from "./PathText.ts"

const operation = "Files.removeTree"

const isGone = (error: IoError): boolean => isIoError(error, "NotFound")

const unlink = (host: FileHost, path: string) =>
  plain(host, operation, path, (port, done) => port.unlink(path, done))

const removeDirectory = (host: FileHost, path: string) =>
  plain(host, operation, path, (port, done) => port.removeDirectory(path, done))

const batchOf = (host: FileHost, path: string, site: Site) =>
  Effect.flatMap(list(host, operation, path), (all) =>
    all === undefined ? firstOf(host, path, site) : Effect.succeed(all)
  )

const firstOf = (host: FileHost, path: string, site: Site) =>
  Effect.scoped(
    Effect.flatMap(openDirectory(host, operation, path, site), (directory) =>
      directory.batch(operation)
    )
  )

const removeEntry = (
  host: FileHost,
  path: string,
  { kind, name }: PortDirectoryEntry,
  site: Site
): Effect.Effect<void, IoError> => {
  const below = join(path, name)
  const tree = Effect.suspend(() => clear(host, below, site))
  const removed =
    kind === "directory"
      ? tree
      : Effect.catchIf(
          unlink(host, below),
          (error) => isIoError(error, "IsADirectory"),
          () => tree
        )
  return Effect.catchIf(removed, isGone, () => Effect.void)
}

/** Removes a directory with what is in it. */
const clear = (host: FileHost, path: string, site: Site): Effect.Effect<void, IoError> =>
  Effect.gen(function* () {
    for (;;) {
      const batch = yield* batchOf(host, path, site)
      for (const entry of batch) yield* removeEntry(host, path, entry, site)
      if (batch.length > 0) continue
      const isNotEmpty = yield* removeDirectory(host, path).pipe(
        Effect.as(false),
        // Somebody put something there meanwhile.
        Effect.catchIf(
          (error) => isIoError(error, "NotEmpty"),
          () => Effect.succeed(true)
        )
      )
      if (!isNotEmpty) return
    }
  })

export const removeTree = (host: FileHost, path: string): Effect.Effect<void, IoError> =>
  Effect.suspend(() => {
    const site = new Site()
    return Effect.catchIf(
      unlink(host, path),
      (error) => isIoError(error, "IsADirectory"),
      () => clear(host, path, site)
    )
  })
