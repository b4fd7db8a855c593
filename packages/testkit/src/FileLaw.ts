/** What laws of files share: a folder of their own, and the capability they need. */
import { type File, type FileOptions, Files, type IoError } from "@portico/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { law, type LawOptions, type LawServices, type Required, type UngroupedLaw } from "./Law.ts"
import type { LawFailure } from "./LawFailure.ts"

const files: Required = { name: "files", ask: Files.stat("/") }

/** What a disk that many share may take for a few dozen requests. */
export const disk = "a disk may be busy"

/** A law over a new, empty directory, which is removed with all that it leaves. */
export const fileLaw = (
  id: string,
  sentence: string,
  body: (directory: string) => Effect.fn.Return<void, LawFailure | IoError.IoError, LawServices>,
  options: LawOptions = {}
): UngroupedLaw =>
  law(
    id,
    sentence,
    function* () {
      const directory = yield* Files.temporaryDirectory({ prefix: "portico-law-" })
      yield* Effect.gen(() => body(directory))
    },
    { capability: files, longerThan: disk, ...options }
  )

/** A new file to read and write, at `name` in `directory`. */
export const make = (
  directory: string,
  name: string,
  options: FileOptions.OpenOptions = {}
): Effect.Effect<File.File, IoError.IoError, Files.Files | Scope.Scope> =>
  Files.open(`${directory}/${name}`, { access: "readWrite", create: "exclusive", ...options })

/** More than any law writes. */
export const bytesMax = 16 * 1024 * 1024
