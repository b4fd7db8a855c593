/** Temporary files and folders that nobody removes but their owner. */
import type { FilesService } from "@portico/core/FilesService"
import { type IoError, isIoError } from "@portico/core/IoError"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

const attemptsMax = 100
const letters = "abcdefghijklmnopqrstuvwxyz0123456789"

/** Six letters, of the program's own random numbers. */
export const randomName = Effect.gen(function* () {
  let name = ""
  while (name.length < 6) name += letters[yield* Random.nextIntBetween(0, letters.length - 1)]
  return name
})

/** A new folder of its own; its path. */
export const makeFolder = (
  files: FilesService,
  folder: string,
  prefix: string
): Effect.Effect<string, IoError> =>
  Effect.gen(function* () {
    const path = `${folder}/${prefix}${yield* randomName}`
    yield* files.createDirectory(path, { mode: 0o700 })
    return path
  }).pipe(Effect.retry({ times: attemptsMax, while: (error) => isIoError(error, "AlreadyExists") }))
