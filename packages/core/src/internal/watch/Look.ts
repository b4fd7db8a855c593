/**
 * One look: at the names that were hinted at, and below directories that came. It moves what the
 * tree knows, and gives the difference as events.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { FileStat } from "../../FileStat.ts"
import { type IoError, isIoError } from "../../IoError.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import type { PortWatch } from "../../port/WatchPort.ts"
import { Reason } from "../../Reason.ts"
import { WatchEvent } from "../../WatchEvent.ts"
import { isChanged, isSameFile } from "./sameFile.ts"
import { type Finding, settle } from "./settle.ts"
import type { PendingLooks, Wanted } from "./PendingLooks.ts"
import type { WatchFiles } from "./WatchFiles.ts"
import { join, split, type WatchedDirectory, type WatchedTree } from "./WatchedTree.ts"

/**
 * The two halves of a rename may be hinted at apart: what was hinted at meanwhile is looked at in
 * the same look, so often at most.
 */
const passesMax = 4

/**
 * How long a name that is gone waits for the hint at another one that its file has now. They are
 * two hints of the kernel's, and who renames may be off the processor between them.
 */
const otherHalfMillis = 20

/** Names whose `lstat` is under way at once. */
const concurrency = 8

/** Names of one directory that are looked at without listing it. */
const singlyMax = 64

const withoutHint = (names: ReadonlyArray<string>): ReadonlyMap<string, boolean> =>
  new Map(names.toSorted().map((name) => [name, false]))

export interface Surroundings {
  readonly files: WatchFiles
  readonly tree: WatchedTree
  readonly pending: PendingLooks
  readonly entriesMax: number
  readonly isRecursive: boolean
  readonly isPolled: boolean
  /** The directory from which the tree begins. */
  readonly root: string
  /** The one name that matters there, where a file is watched. */
  readonly onlyName: string | undefined
  /** Undefined where it is polled. */
  readonly open: (path: string) => PortWatch | PortFailure | undefined
}

export const exhausted = Reason.ResourceExhausted({ resource: "entries of a watcher" })

const inodeOf = ({ device, inode }: FileStat): string => `${device}:${inode}`

/** The name, or one before it, is not there any more. */
const isGone = (error: IoError): boolean =>
  isIoError(error, "NotFound") || isIoError(error, "NotADirectory")

export class Look {
  isRootGone = false
  /** Names were left out, as there are more than `entriesMax`. */
  isExhausted = false
  private readonly findings = new Map<string, Finding>()
  private readonly unwatched = new Map<string, Reason>()
  private readonly around: Surroundings
  /** Directories that came, to be looked at whole. */
  private readonly entered: Array<WatchedDirectory> = []

  constructor(around: Surroundings) {
    this.around = around
  }

  /** In an order in which they could have happened. */
  get events(): ReadonlyArray<WatchEvent> {
    const events: Array<WatchEvent> = [...settle(this.findings)]
    for (const [path, reason] of this.unwatched) events.push(WatchEvent.Unwatched({ path, reason }))
    return events
  }

  /** Names under which there is something else than before. */
  get changed(): ReadonlyArray<string> {
    return Array.from(this.findings)
      .filter(
        ([, { after, before }]) =>
          before === undefined || after === undefined || isChanged(before, after)
      )
      .map(([path]) => path)
  }

  /** Begins with the root: watches it, then looks at all that is there. */
  get begin(): Effect.Effect<FileStat, IoError | PortFailure> {
    const { files, open, pending, root, tree } = this.around
    return Effect.suspend((): Effect.Effect<FileStat, IoError | PortFailure> => {
      const watch = open(root)
      if (watch instanceof PortFailure) return Effect.fail(watch)
      tree.directories.set(root, { path: root, names: new Set(), watch })
      pending.addAll(root)
      return Effect.tap(files.stat(root), () => this.run)
    })
  }

  get run(): Effect.Effect<void, IoError> {
    const { pending, tree } = this.around
    const { entered } = this
    const look = this.at.bind(this)
    return Effect.gen({ self: this }, function* () {
      let hasWaited = this.around.isPolled
      for (let pass = 0; pass < passesMax && !pending.isEmpty; pass++) {
        for (const [path, wanted] of pending.take()) {
          const directory = tree.directories.get(path)
          if (directory !== undefined) yield* look(directory, wanted)
          for (let next = entered.pop(); next !== undefined; next = entered.pop()) {
            yield* look(next, undefined)
          }
        }
        if (hasWaited || !pending.isEmpty || !this.isHalf) continue
        hasWaited = true
        yield* Effect.sleep(otherHalfMillis)
      }
    })
  }

  /** A file has left its name, and was found under no other. */
  private get isHalf(): boolean {
    const gone = new Set<string>()
    for (const { after, before } of this.findings.values()) {
      if (before !== undefined && after === undefined) gone.add(inodeOf(before))
    }
    if (gone.size === 0) return false
    for (const { after } of this.findings.values()) {
      if (after !== undefined) gone.delete(inodeOf(after))
    }
    return gone.size > 0
  }

  private at(directory: WatchedDirectory, wanted: Wanted): Effect.Effect<void, IoError> {
    const count = wanted?.size ?? Infinity
    // One listing says of all names at once that they are gone.
    const isListed = count > singlyMax && count * 4 > directory.names.size
    return isListed ? this.list(directory, wanted) : this.lookAt(directory, wanted!, undefined)
  }

  private list(directory: WatchedDirectory, wanted: Wanted): Effect.Effect<void, IoError> {
    const { entriesMax, files } = this.around
    const listed = Stream.runCollect(Stream.take(files.entries(directory.path), entriesMax + 1))
    return Effect.matchEffect(listed, {
      onSuccess: (entries) => {
        const there = new Set(entries.map(({ name }) => name))
        const all = wanted ?? withoutHint([...there, ...directory.names])
        return this.lookAt(directory, all, entries.length > entriesMax ? undefined : there)
      },
      onFailure: (error) => this.unreadable(directory, error)
    })
  }

  /** At names, of which only those that are `there` can be found. */
  private lookAt(
    directory: WatchedDirectory,
    wanted: ReadonlyMap<string, boolean>,
    there: ReadonlySet<string> | undefined
  ): Effect.Effect<void, IoError> {
    const { onlyName, root } = this.around
    const isWanted = (name: string) =>
      onlyName === undefined || directory.path !== root || name === onlyName
    const names = Array.from(wanted.keys()).filter(isWanted)
    const stat = (name: string) =>
      there?.has(name) === false ? Effect.undefined : this.linkStat(join(directory.path, name))
    // Taken in at the end and in order: hosts complete in any order, events should not differ.
    return Effect.map(Effect.forEach(names, stat, { concurrency }), (stats) => {
      for (const [index, name] of names.entries()) {
        this.found(directory, name, stats[index], wanted.get(name) === true)
      }
    })
  }

  private linkStat(path: string): Effect.Effect<FileStat | undefined, IoError> {
    return Effect.catchIf(this.around.files.linkStat(path), isGone, () => Effect.undefined)
  }

  private unreadable(directory: WatchedDirectory, error: IoError): Effect.Effect<void, IoError> {
    const { pending, root } = this.around
    const { path } = directory
    if (isGone(error)) {
      // Whether another one has the name now, the directory above says.
      if (path === root) this.isRootGone = true
      else pending.addName(...split(path), false)
      return Effect.void
    }
    if (path === root || !isIoError(error, "PermissionDenied")) return Effect.fail(error)
    this.unwatched.set(path, error.reason)
    return Effect.void
  }

  /** What is under a name now. */
  private found(
    directory: WatchedDirectory,
    name: string,
    stat: FileStat | undefined,
    isTouched: boolean
  ): void {
    const { entriesMax, isRecursive, tree } = this.around
    const path = join(directory.path, name)
    // Meanwhile the directory itself may have gone.
    if (tree.directories.get(directory.path) !== directory) return
    const before = tree.known.get(path)
    if (stat === undefined && before === undefined) return
    if (before === undefined && tree.known.size >= entriesMax) {
      this.isExhausted = true
      this.unwatched.set(directory.path, exhausted)
      return
    }
    this.note(path, before, stat, isTouched)
    const isOther = stat === undefined || before === undefined || !isSameFile(before, stat)
    if (isOther) tree.forget(path, (below, known) => this.note(below, known, undefined, false))
    if (stat === undefined) {
      tree.known.delete(path)
      directory.names.delete(name)
      return
    }
    tree.known.set(path, stat)
    directory.names.add(name)
    if (isOther && isRecursive && stat.kind === "directory") this.enter(path)
  }

  private note(
    path: string,
    before: FileStat | undefined,
    after: FileStat | undefined,
    isTouched: boolean
  ): void {
    const finding = this.findings.get(path)
    if (finding === undefined) {
      this.findings.set(path, { before, after, isTouched })
      return
    }
    finding.after = after
    finding.isTouched ||= isTouched
  }

  private enter(path: string): void {
    const { open, tree } = this.around
    const watch = open(path)
    if (watch instanceof PortFailure) {
      // It has gone again, which the directory above is told of.
      const { _tag } = watch.reason
      if (_tag !== "NotFound" && _tag !== "NotADirectory") this.unwatched.set(path, watch.reason)
      return
    }
    const directory = { path, names: new Set<string>(), watch }
    tree.directories.set(path, directory)
    this.entered.push(directory)
  }
}
