/** What a watcher was asked for: a directory, or a name in one; and how its paths are shown. */
import * as Effect from "effect/Effect"
import type { FileStat } from "../../FileStat.ts"
import { type IoError, isIoError } from "../../IoError.ts"
import type { WatchEvent } from "../../WatchEvent.ts"
import { isSameFile } from "./sameFile.ts"
import type { WatchFiles } from "./WatchFiles.ts"
import { split } from "./WatchedTree.ts"

export class Root {
  /** As it was given, without slashes at its end. */
  readonly shown: string
  /** Its real path. */
  private readonly real: string
  /** The directory that is watched. */
  readonly directory: string
  /** The one name in it that matters; undefined when all do. */
  readonly name: string | undefined
  /** Of the directory, once it is watched. */
  stat: FileStat | undefined

  constructor(shown: string, real: string, isDirectory: boolean) {
    this.shown = shown.replace(/(?<=.)\/+$/, "")
    this.real = real
    const [directory, name] = split(real)
    this.directory = isDirectory ? real : directory
    this.name = isDirectory ? undefined : name
  }

  /** Whether the directory that is watched still has its name. */
  check(files: WatchFiles): Effect.Effect<boolean, IoError> {
    return Effect.matchEffect(files.stat(this.directory), {
      onSuccess: (stat) => Effect.succeed(isSameFile(this.stat!, stat)),
      onFailure: (error) =>
        isIoError(error, "NotFound") || isIoError(error, "NotADirectory")
          ? Effect.succeed(false)
          : Effect.fail(error)
    })
  }

  private showPath(path: string): string {
    if (!path.startsWith(this.real)) return path
    const below = path.slice(this.real.length)
    return this.shown.endsWith("/") && below.startsWith("/")
      ? this.shown + below.slice(1)
      : this.shown + below
  }

  show(event: WatchEvent): WatchEvent {
    switch (event._tag) {
      case "Renamed":
        return { ...event, from: this.showPath(event.from), to: this.showPath(event.to) }
      case "Overflow":
      case "RootDeleted":
        return event
      default:
        return { ...event, path: this.showPath(event.path) }
    }
  }
}
