/** Files and directories with a name of their own, removed with their scope. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import type { TemporaryOptions } from "../../FileOptions.ts"
import { type IoError, isIoError } from "../../IoError.ts"
import type { Site } from "../../Site.ts"
import * as Check from "../Check.ts"
import { checkPath } from "./FileArguments.ts"
import type { FileHandle } from "./FileHandle.ts"
import type { FileHost } from "./FileHost.ts"
import { open } from "./openFile.ts"
import { plain, releasing } from "./paths.ts"
import { join } from "./PathText.ts"
import { removeTree } from "./removeTree.ts"

/** Names that are tried: two are the same once in 2^52 times. */
const triesMax = 16

const unusedName = Effect.map(Random.next, (fraction) =>
  Math.floor(fraction * Number.MAX_SAFE_INTEGER)
    .toString(36)
    .padStart(11, "0")
)

/** Makes something under a new name, trying others while one is taken. */
export const withUnusedName = <A, R>(
  pathOf: (unused: string) => string,
  make: (path: string) => Effect.Effect<A, IoError, R>,
  tries = triesMax
): Effect.Effect<A, IoError, R> =>
  Effect.flatMap(unusedName, (unused) =>
    Effect.catchIf(
      make(pathOf(unused)),
      (error) => tries > 1 && isIoError(error, "AlreadyExists"),
      () => withUnusedName(pathOf, make, tries - 1)
    )
  )

const checkOptions = (operation: string, { directory, prefix }: TemporaryOptions) => {
  const bad = directory === undefined ? undefined : checkPath(operation, "directory", directory)
  if (bad !== undefined || prefix === undefined) return bad
  return /[/\\\0]/.test(prefix)
    ? Check.invalid(operation, "prefix", "without separators", prefix)
    : undefined
}

const pathIn =
  (host: FileHost, { directory, prefix = "portico-" }: TemporaryOptions) =>
  (unused: string): string =>
    join(directory ?? host.port.temporaryDirectory, `${prefix}${unused}`)

const removeFile = (host: FileHost, operation: string, path: string) =>
  Effect.ignore(releasing(host, operation, path, (port, done) => port.unlink(path, done)))

/** A new file to read and write; it is there, and removed with the scope, or was never made. */
export const newFile = (
  host: FileHost,
  operation: string,
  pathOf: (unused: string) => string,
  mode: number,
  site: Site
): Effect.Effect<FileHandle, IoError, Scope.Scope> =>
  withUnusedName(pathOf, (path) =>
    Effect.uninterruptible(
      Effect.gen(function* () {
        const options = { access: "readWrite", create: "exclusive", mode } as const
        const file = yield* open(host, operation, path, options, site)
        yield* Effect.addFinalizer(() => removeFile(host, operation, path))
        return file
      })
    )
  )

export const temporaryFile = (
  host: FileHost,
  options: TemporaryOptions = {},
  site: Site
): Effect.Effect<FileHandle, IoError, Scope.Scope> => {
  const operation = "Files.temporaryFile"
  const bad = checkOptions(operation, options)
  return bad ?? newFile(host, operation, pathIn(host, options), 0o600, site)
}

export const temporaryDirectory = (
  host: FileHost,
  options: TemporaryOptions = {}
): Effect.Effect<string, IoError, Scope.Scope> => {
  const operation = "Files.temporaryDirectory"
  const create = (path: string) =>
    plain(host, operation, path, (port, done) => port.createDirectory(path, 0o700, done))
  return (
    checkOptions(operation, options) ??
    withUnusedName(pathIn(host, options), (path) =>
      Effect.acquireRelease(Effect.as(create(path), path), () =>
        Effect.ignore(removeTree(host, path))
      )
    )
  )
}
