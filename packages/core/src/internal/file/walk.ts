/** `Files.walk`: what is below a directory, depth first; a level has one open directory at most. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { WalkEntry } from "../../DirectoryEntry.ts"
import type { WalkOptions } from "../../FileOptions.ts"
import { type IoError, isIoError } from "../../IoError.ts"
import type { PortDirectoryEntry } from "../../port/FilePort.ts"
import type { Site } from "../../Site.ts"
import * as Check from "../Check.ts"
import type { DirectoryHandle } from "./DirectoryHandle.ts"
import type { FileHost } from "./FileHost.ts"
import { openDirectory } from "./openFile.ts"
import { list, stat } from "./paths.ts"
import { join } from "./PathText.ts"

const operation = "Files.walk"

/** No path is long enough for more: PATH_MAX is 4,096 bytes on Linux. */
export const depthBound = 2_048

interface Level {
  /** Undefined when all of it was listed at once. */
  readonly directory: DirectoryHandle | undefined
  readonly scope: Scope.Closeable | undefined
  readonly path: string
  /** Of the directory itself, when links are followed. */
  readonly identity: string
  batch: ReadonlyArray<PortDirectoryEntry>
  index: number
}

type Batch = readonly [WalkEntry, ...Array<WalkEntry>]

class Walk {
  private readonly host: FileHost
  private readonly scope: Scope.Scope
  private readonly site: Site
  private readonly depthMax: number
  private readonly followsLinks: boolean
  private readonly levels: Array<Level> = []

  constructor(host: FileHost, scope: Scope.Scope, options: WalkOptions, site: Site) {
    this.host = host
    this.scope = scope
    this.site = site
    this.depthMax = options.depthMax ?? depthBound
    this.followsLinks = options.followLinks ?? false
  }

  /** Lists a directory as the next level, or opens it when it is long. */
  enter(path: string, identity: string): Effect.Effect<void, IoError> {
    return Effect.flatMap(list(this.host, operation, path), (batch) => {
      if (batch === undefined) return this.open(path, identity)
      const level = { directory: undefined, scope: undefined, path, identity, batch, index: 0 }
      this.levels.push(level)
      return Effect.void
    })
  }

  private open(path: string, identity: string): Effect.Effect<void, IoError> {
    return Effect.gen({ self: this }, function* () {
      const scope = yield* Scope.fork(this.scope)
      const directory = yield* openDirectory(this.host, operation, path, this.site).pipe(
        Scope.provide(scope)
      )
      this.levels.push({ directory, scope, path, identity, batch: [], index: 0 })
    })
  }

  /** Who a directory is, for circles; asked only when links are followed. */
  identify(path: string): Effect.Effect<string | undefined, IoError> {
    return Effect.map(stat(this.host, path), ({ device, inode, kind }) =>
      kind === "directory" ? `${device}:${inode}` : undefined
    )
  }

  /** Enters what an entry leads to, if that is a directory that should be. */
  private descend({ kind, path }: WalkEntry): Effect.Effect<void, IoError> | undefined {
    if (this.levels.length > this.depthMax) return undefined
    const mayLead = kind === "unknown" || (kind === "symlink" && this.followsLinks)
    if (kind !== "directory" && !mayLead) return undefined
    const entered = this.followsLinks
      ? Effect.flatMap(this.identify(path), (identity) =>
          identity === undefined || this.levels.some((level) => level.identity === identity)
            ? Effect.void
            : this.enter(path, identity)
        )
      : this.enter(path, "")
    return Effect.catchIf(entered, isPassedOver, () => Effect.void)
  }

  // Until a directory is entered its entries go out together.
  readonly pull: Pull.Pull<Batch, IoError> = Effect.suspend(() => this.next())

  private next(): Pull.Pull<Batch, IoError> {
    for (;;) {
      const level = this.levels.at(-1)
      if (level === undefined) return Cause.done()
      if (level.index < level.batch.length) return this.give(level)
      if (level.directory !== undefined) return this.more(level, level.directory)
      this.levels.pop()
    }
  }

  private give(level: Level): Pull.Pull<Batch, IoError> {
    const batch = this.take(level)
    const descent = this.descend(batch.at(-1)!)
    return descent === undefined ? Effect.succeed(batch) : Effect.as(descent, batch)
  }

  /** Reads on in an open directory. */
  private more(level: Level, directory: DirectoryHandle): Pull.Pull<Batch, IoError> {
    return Effect.flatMap(directory.batch(operation), (batch) => {
      level.batch = batch
      level.index = 0
      if (batch.length > 0) return this.give(level)
      this.levels.pop()
      return Effect.andThen(Scope.close(level.scope!, Exit.void), this.pull)
    })
  }

  /** The entries up to the first that may have to be entered. */
  private take(level: Level): Batch {
    const taken: Array<WalkEntry> = []
    const depth = this.levels.length - 1
    while (level.index < level.batch.length) {
      const { kind, name } = level.batch[level.index++]!
      taken.push({ name, kind, path: join(level.path, name), depth })
      if (kind === "directory" || kind === "symlink" || kind === "unknown") break
    }
    return taken as unknown as Batch
  }
}

/** It vanished, is no directory after all, or its links lead nowhere. */
const isPassedOver = (error: IoError): boolean =>
  isIoError(error, "NotFound") ||
  isIoError(error, "NotADirectory") ||
  isIoError(error, "SymlinkLoop")

export const walk = (
  host: FileHost,
  path: string,
  options: WalkOptions,
  site: Site
): Stream.Stream<WalkEntry, IoError> => {
  const { depthMax = depthBound } = options
  const bad = Check.integer(operation, "depthMax", depthMax, 0, depthBound, "directories")
  if (bad !== undefined) return Stream.fromEffect(bad)
  return Stream.unwrap(
    Effect.gen(function* () {
      const walked = new Walk(host, yield* Effect.scope, options, site)
      const identity = options.followLinks === true ? yield* walked.identify(path) : ""
      yield* walked.enter(path, identity ?? "")
      return Stream.fromPull(Effect.succeed(walked.pull))
    })
  )
}
