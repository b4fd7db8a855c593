/** Copying whatever is at a path, with all that is below it: `cp -r`. */
import type { FilesService } from "@portico/core/FilesService"
import type { FileKind } from "@portico/core/FileStat"
import { type IoError, isIoError } from "@portico/core/IoError"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/** Without `overwrites`, a file that is there stays as it is. */
export const copyTree = (
  files: FilesService,
  from: string,
  to: string,
  overwrites: boolean
): Effect.Effect<void, IoError> => {
  const copyOne = (kind: FileKind, path: string, target: string): Effect.Effect<void, IoError> => {
    switch (kind) {
      case "directory":
        return files.createDirectory(target, { recursive: true })
      case "symlink":
        return Effect.flatMap(files.readLink(path), (link) => files.symlink(link, target))
      default:
        return files.copy(path, target, { exclusive: !overwrites })
    }
  }
  const copyUnlessThere = (kind: FileKind, path: string, target: string) =>
    Effect.catchIf(
      copyOne(kind, path, target),
      (error) => !overwrites && isIoError(error, "AlreadyExists"),
      () => Effect.void
    )
  return Effect.gen(function* () {
    const { kind } = yield* files.linkStat(from)
    yield* copyUnlessThere(kind, from, to)
    if (kind !== "directory") return
    yield* Stream.runForEach(files.walk(from), (entry) =>
      copyUnlessThere(entry.kind, entry.path, `${to}${entry.path.slice(from.length)}`)
    )
  })
}
