/** `Watch.watch`: check the options, find the path, watch it, hand out a handle. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { IoError } from "../../IoError.ts"
import { Reason } from "../../Reason.ts"
import { Site } from "../../Site.ts"
import type { Watcher } from "../../Watcher.ts"
import type { WatchOptions } from "../../WatchOptions.ts"
import type { HandleTable } from "../HandleTable.ts"
import { scoped } from "../scoped.ts"
import { Root } from "./Root.ts"
import { checkWatch, operation, settingsOf } from "./WatchArguments.ts"
import { WatcherHandle } from "./WatcherHandle.ts"
import type { WatchFiles } from "./WatchFiles.ts"

export const openWatcher = (
  table: HandleTable,
  files: WatchFiles,
  path: string,
  options: WatchOptions = {},
  site: Site = new Site()
): Effect.Effect<Watcher, IoError, Scope.Scope> => {
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
          const handle = new WatcherHandle(table, { root, settings, files, context, site })
          yield* Effect.onError(restore(handle.begin), () => handle.close)
          return handle
        }),
      (handle) => handle.close
    )
  })
}
