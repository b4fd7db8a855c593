/** `Files.replace`: new content under an old name, all of it or none. */
import * as Effect from "effect/Effect"
import type { File } from "../../File.ts"
import type { ReplaceOptions } from "../../FileOptions.ts"
import type { IoError } from "../../IoError.ts"
import { Site } from "../../Site.ts"
import { checkMode, checkPath } from "./FileArguments.ts"
import type { FileHandle } from "./FileHandle.ts"
import type { FileHost } from "./FileHost.ts"
import { plain } from "./paths.ts"
import { join, nameOf, parentOf } from "./PathText.ts"
import { newFile } from "./temporary.ts"
import { syncDirectory } from "./wholeFile.ts"

const operation = "Files.replace"

const rename = (host: FileHost, file: FileHandle, path: string) =>
  plain(host, operation, path, (port, done) => port.rename(file.path, path, done))

export const replace = <A, E, R>(
  host: FileHost,
  path: string,
  write: (file: File) => Effect.Effect<A, E, R>,
  { mode = 0o666, syncs = true }: ReplaceOptions = {}
): Effect.Effect<A, E | IoError, R> => {
  const bad = checkPath(operation, "path", path) ?? checkMode(operation, mode)
  if (bad !== undefined) return bad
  const directory = parentOf(path)
  const pathOf = (unused: string) => join(directory, `.${nameOf(path)}.${unused}.tmp`)
  return Effect.uninterruptibleMask((restore) =>
    Effect.scoped(
      Effect.gen(function* () {
        // Removed with the scope; once it has the other name there is nothing to remove.
        const file = yield* newFile(host, operation, pathOf, mode, new Site())
        const result = yield* restore(
          Effect.flatMap(write(file), (value) =>
            syncs ? Effect.as(file.sync, value) : Effect.succeed(value)
          )
        )
        yield* file.close
        // The last moment at which it can be interrupted.
        yield* restore(Effect.void)
        yield* rename(host, file, path)
        if (syncs) yield* syncDirectory(host, directory)
        return result
      })
    )
  )
}
