/** `Watch.watch`, `Watch.hints`: check the options, find the path, watch it, hand out a handle. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { DirectoryHints, HintOptions } from "../../DirectoryHints.ts"
import { IoError } from "../../IoError.ts"
import { Reason } from "../../Reason.ts"
import { Site } from "../../Site.ts"
import type { Watcher } from "../../Watcher.ts"
import type { WatchOptions } from "../../WatchOptions.ts"
import * as Check from "../Check.ts"
import type { HandleTable } from "../HandleTable.ts"
import { scoped } from "../scoped.ts"
import { HintsHandle } from "./HintsHandle.ts"
import { Root } from "./Root.ts"
import { checkWatch, operation, settingsOf } from "./WatchArguments.ts"
import { WatcherHandle } from "./WatcherHandle.ts"
import type { WatcherParts } from "./WatcherParts.ts"
import type { WatchFiles } from "./WatchFiles.ts"

interface Beginning {
  readonly begin: Effect.Effect<void, IoError>
  readonly close: Effect.Effect<void>
}

const opening = <A extends Beginning>(
  table: HandleTable,
  files: WatchFiles,
  path: string,
  options: WatchOptions,
  site: Site,
  make: (parts: WatcherParts) => A | Reason
): Effect.Effect<A, IoError, Scope.Scope> => {
  const failing = (reason: Reason, cause?: unknown) =>
    Effect.fail(new IoError({ operation, reason, path, cause }))
  const find = Effect.gen(function* () {
    const real = yield* files.realPath(path)
    const { kind } = yield* files.stat(real)
    return new Root(path, real, kind === "directory")
  }).pipe(Effect.catch(({ cause, reason }) => failing(reason, cause)))
  return Effect.suspend(() => {
    const refusal = checkWatch(table.ports, path, options)
    if (refusal !== undefined) return refusal
    if (table.isShutDown) return failing(Reason.Closed())
    return scoped(
      (restore) =>
        Effect.gen(function* () {
          const root = yield* restore(find)
          if (table.isShutDown) return yield* failing(Reason.Closed())
          const context = yield* Effect.context<never>()
          const settings = settingsOf(table.ports, options)
          const handle = make({ root, settings, files, context, site })
          if (!("begin" in handle)) return yield* failing(handle)
          yield* Effect.onError(restore(handle.begin), () => handle.close)
          return handle
        }),
      (handle) => handle.close
    )
  })
}

export const openWatcher = (
  table: HandleTable,
  files: WatchFiles,
  path: string,
  options: WatchOptions = {},
  site: Site = new Site()
): Effect.Effect<Watcher, IoError, Scope.Scope> =>
  opening(table, files, path, options, site, (parts) => new WatcherHandle(table, parts))

export const openHints = (
  table: HandleTable,
  files: WatchFiles,
  path: string,
  { interest, interval, method }: HintOptions,
  site: Site = new Site()
): Effect.Effect<DirectoryHints, IoError, Scope.Scope> => {
  if (typeof interest !== "function") {
    return Check.invalid(operation, "interest", "a function", interest)
  }
  return opening(table, files, path, { interval, method }, site, (parts) =>
    parts.root.name === undefined ? new HintsHandle(table, parts, interest) : Reason.NotADirectory()
  )
}
