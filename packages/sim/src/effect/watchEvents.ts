/** What core's watcher tells, as events of Effect's `FileSystem`: names relative to the folder. */
import type { FilesService } from "@portico/core/FilesService"
import { toStream, type WatchService } from "@portico/core/Watch"
import type { WatchEvent } from "@portico/core/WatchEvent"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import * as Stream from "effect/Stream"
import { as, failureOf } from "./platformError.ts"

const nameIn = (folder: string, path: string): string =>
  path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path

const eventsOf = (folder: string, event: WatchEvent): ReadonlyArray<FileSystem.WatchEvent> => {
  const name = (path: string) => nameIn(folder, path)
  switch (event._tag) {
    case "Created":
      return [{ _tag: "Create", path: name(event.path) }]
    case "Modified":
      return [{ _tag: "Update", path: name(event.path) }]
    case "Deleted":
    case "RootDeleted":
      return [{ _tag: "Remove", path: name(event.path) }]
    case "Renamed":
      return [
        { _tag: "Remove", path: name(event.from) },
        { _tag: "Create", path: name(event.to) }
      ]
    // Effect's watcher has no word for what it has lost.
    case "Overflow":
    case "Unwatched":
      return []
  }
}

export const watchEvents = (
  files: FilesService,
  service: WatchService,
  path: string,
  options: FileSystem.WatchOptions = {}
): Stream.Stream<FileSystem.WatchEvent, PlatformError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { kind } = yield* files.stat(path)
      const folder = kind === "directory" ? path : path.slice(0, path.lastIndexOf("/"))
      const watcher = yield* service.watch(path, { recursive: options.recursive })
      options.onReady?.()
      return toStream(watcher).pipe(
        Stream.flatMap((event) => Stream.fromIterable(eventsOf(folder, event))),
        Stream.mapError((error) => failureOf("watch", path, error))
      )
    }).pipe(as("watch", path))
  )
