/**
 * Watching files and directories for changes, by the host's watcher or by polling.
 *
 * Arguments are checked first: one out of its bound fails as `InvalidArgument`, naming it, and a
 * method that the backend lacks as `Unsupported`; nothing was attempted then.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { DirectoryHints, HintOptions } from "./DirectoryHints.ts"
import { type IoError, isIoError } from "./IoError.ts"
import { Site } from "./Site.ts"
import type { Watcher } from "./Watcher.ts"
import type { WatchEvent } from "./WatchEvent.ts"
import type { WatchOptions } from "./WatchOptions.ts"

export interface WatchService {
  /** `site` is where the handle says that it was opened: by default, where this is called. */
  readonly watch: (
    path: string,
    options?: WatchOptions,
    site?: Site
  ) => Effect.Effect<Watcher, IoError, Scope.Scope>
  /** See `hints`. */
  readonly hints: (
    directory: string,
    options: HintOptions,
    site?: Site
  ) => Effect.Effect<DirectoryHints, IoError, Scope.Scope>
}

export class Watch extends Context.Service<Watch, WatchService>()("@portico/core/Watch") {}

/**
 * Watches a directory, or one name in a directory if `path` is a file, until the scope ends.
 * Succeeds when it is ready: every change from then on is told.
 *
 * A file's name goes on being watched when it is deleted, replaced or renamed; its end is that of
 * the directory it is in. Fails with `NotFound`, `PermissionDenied`, `SymlinkLoop`, and with
 * `ResourceExhausted` when the host gives no more watches or there are more than `entriesMax`
 * entries. Interrupted, nothing is watched.
 */
export const watch = (
  path: string,
  options: WatchOptions = {}
): Effect.Effect<Watcher, IoError, Scope.Scope | Watch> => {
  const site = new Site()
  return Watch.use((service) => service.watch(path, options, site))
}

/**
 * Watches a directory until the scope ends, and tells only that something may have changed: see
 * `DirectoryHints`. Succeeds when it is ready. Fails as `watch` does, and with `NotADirectory`.
 */
export const hints = (
  directory: string,
  options: HintOptions
): Effect.Effect<DirectoryHints, IoError, Scope.Scope | Watch> => {
  const site = new Site()
  return Watch.use((service) => service.hints(directory, options, site))
}

/**
 * The events of a watcher, one by one. Ends after `RootDeleted`, and when the watcher is closed.
 */
export const toStream = (self: Watcher): Stream.Stream<WatchEvent, IoError> =>
  Stream.fromEffectRepeat(self.take).pipe(
    Stream.takeUntil((event) => event._tag === "RootDeleted"),
    Stream.catch((error) => (isIoError(error, "Closed") ? Stream.empty : Stream.fail(error)))
  )
