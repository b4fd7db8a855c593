/** The files beside one that is followed: opening them, and finding those that had its name. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { FilesService } from "../../FilesService.ts"
import { type IoError, isIoError } from "../../IoError.ts"
import type { Site } from "../../Site.ts"
import * as Check from "../Check.ts"
import { identityOf, inOrder, type Named, nextName } from "./generations.ts"
import { RotatedNames } from "./RotatedNames.ts"
import { headBytes, startsWith, TailedFile } from "./TailedFile.ts"

/** Files that were read and are remembered, beside those that were there at the start. */
const readMax = 10_000

/** Renamed while it was looked at: so often it is looked at again. */
const attemptsMax = 8

/** Rotations that may come between finding a name and opening it. */
const movesMax = 32

const isGone = (error: IoError): boolean => isIoError(error, "NotFound")

export class Siblings {
  private readonly files: FilesService
  private readonly site: Site
  private readonly scope: Scope.Scope
  readonly base: string
  private readonly openMax: number
  private readonly names: RotatedNames
  /** Those that were read, or were there before. */
  private known = new Set<string>()
  private knownMax = readMax

  constructor(
    files: FilesService,
    site: Site,
    scope: Scope.Scope,
    directory: string,
    base: string,
    openMax: number
  ) {
    this.files = files
    this.site = site
    this.scope = scope
    this.base = base
    this.openMax = openMax
    this.names = new RotatedNames(files, site, directory, base, (one) => this.known.has(one))
  }

  /** The file that is followed, or undefined where there is none. */
  get openBase(): Effect.Effect<TailedFile | undefined, IoError> {
    const path = this.names.pathOf(this.base)
    const looked = Effect.catchIf(this.files.stat(path), isGone, () => Effect.undefined)
    return Effect.flatMap(looked, (stat) => {
      // Opening a FIFO would wait for its other end.
      if (stat === undefined || stat.kind === "file") return this.open(this.base)
      return Check.invalid("FileTail.open", "path", "the path of a regular file", path)
    })
  }

  /** The regular file of a name, or undefined where there is none. */
  private open(name: string): Effect.Effect<TailedFile | undefined, IoError> {
    const path = this.names.pathOf(name)
    return Effect.gen({ self: this }, function* () {
      const scope = yield* Scope.fork(this.scope)
      const opened = Effect.gen({ self: this }, function* () {
        const file = yield* Scope.provide(this.files.open(path, {}, this.site), scope)
        return new TailedFile(file, yield* file.stat, scope)
      })
      return yield* opened.pipe(
        Effect.onError(() => Scope.close(scope, Exit.void)),
        Effect.catchIf(isGone, () => Effect.undefined)
      )
    }).pipe(Effect.uninterruptible)
  }

  /** What is there is not news. */
  get noteAll(): Effect.Effect<void, IoError> {
    return Effect.map(this.names.list, (all) => {
      this.known = new Set(all.map(({ stat }) => identityOf(stat)))
      this.knownMax = this.known.size + readMax
    })
  }

  /** A file that is read. */
  note(file: TailedFile): void {
    const identity = identityOf(file.stat)
    this.known.delete(identity)
    this.known.add(identity)
    if (this.known.size > this.knownMax) this.known.delete(this.known.values().next().value!)
  }

  /**
   * Files that had the name before what is in `file`, and were not read: opened, in the order in
   * which they were made. `head` is what was found at its start before this is asked; undefined
   * when it was empty or has been cut, and then it is looked at after the others.
   *
   * Empty ones are not among them: they may be copies that are being made.
   */
  unseenBefore(
    file: TailedFile,
    head: Uint8Array | undefined
  ): Effect.Effect<ReadonlyArray<TailedFile>, IoError> {
    return Effect.gen({ self: this }, function* () {
      const opened = yield* this.openUnseen(file, (all) => this.olderThan(file, all))
      return yield* this.without(opened, head, file)
    })
  }

  /** The same of those that came after `file`, which has another name by now. */
  unseenAfter(file: TailedFile): Effect.Effect<ReadonlyArray<TailedFile>, IoError> {
    return this.openUnseen(file, (all) => {
      const compare = inOrder(this.base)
      const own = this.ownName(file, all)
      return Effect.succeed(all.filter((one) => compare(one, own) > 0))
    })
  }

  /** The same of all there are. */
  get allUnseen(): Effect.Effect<ReadonlyArray<TailedFile>, IoError> {
    return this.openUnseen(undefined, Effect.succeed)
  }

  private openUnseen(
    file: TailedFile | undefined,
    choose: (all: ReadonlyArray<Named>) => Effect.Effect<ReadonlyArray<Named>, IoError>
  ): Effect.Effect<ReadonlyArray<TailedFile>, IoError> {
    const identity = file === undefined ? undefined : identityOf(file.stat)
    const isUnseen = ({ stat }: Named) =>
      stat.bytes > 0n && identityOf(stat) !== identity && !this.known.has(identityOf(stat))
    return Effect.gen({ self: this }, function* () {
      const chosen = yield* choose(yield* this.names.list)
      return yield* this.openAll(chosen.filter(isUnseen).slice(0, this.openMax))
    })
  }

  private ownName(file: TailedFile, all: ReadonlyArray<Named>): Named {
    const identity = identityOf(file.stat)
    const name = all.find(({ stat }) => identityOf(stat) === identity)?.name ?? this.base
    return { name, stat: file.stat }
  }

  /** Where it still has the name, all others are older, or copies of what was in it. */
  private olderThan(
    file: TailedFile,
    all: ReadonlyArray<Named>
  ): Effect.Effect<ReadonlyArray<Named>, IoError> {
    const own = this.ownName(file, all)
    const compare = inOrder(this.base)
    return Effect.map(this.identityOfBase, (base) =>
      base === identityOf(file.stat) ? all : all.filter((one) => compare(one, own) < 0)
    )
  }

  private get identityOfBase(): Effect.Effect<string | undefined, IoError> {
    const looked = Effect.map(this.files.stat(this.names.pathOf(this.base)), identityOf)
    return Effect.catchIf(looked, isGone, () => Effect.undefined)
  }

  /** A copy of what is in the file is none of what was in it before, nor are later ones. */
  private without(
    opened: ReadonlyArray<TailedFile>,
    found: Uint8Array | undefined,
    file: TailedFile
  ): Effect.Effect<ReadonlyArray<TailedFile>, IoError> {
    return Effect.gen(function* () {
      if (opened.length === 0) return []
      const head = found?.subarray(0, headBytes) ?? (yield* file.head)
      let count = 0
      while (head.length > 0 && count < opened.length) {
        const copied = yield* opened[count]!.head
        if (startsWith(head, copied.subarray(0, head.length))) break
        count++
      }
      const before = head.length > 0 ? opened.slice(0, count) : opened
      yield* Effect.forEach(opened.slice(before.length), (one) => one.close)
      return before
    }).pipe(Effect.onError(() => Effect.forEach(opened, (one) => one.close)))
  }

  /** Those of them that are there still, whatever their names are by now. */
  private openAll(wanted: ReadonlyArray<Named>): Effect.Effect<ReadonlyArray<TailedFile>, IoError> {
    const identities = wanted.map(({ stat }) => identityOf(stat))
    const held = new Map<string, TailedFile>()
    const isMissing = (identity: string) => identities.includes(identity) && !held.has(identity)
    return Effect.gen({ self: this }, function* () {
      let names = wanted
      for (let attempt = 0; attempt < attemptsMax && held.size < wanted.length; attempt++) {
        if (attempt > 0) names = (yield* this.names.look).all
        for (const { name, stat } of names) {
          if (isMissing(identityOf(stat)))
            yield* this.chase(name, identityOf(stat), held, isMissing)
        }
      }
      return identities.flatMap((identity) => held.get(identity) ?? [])
    }).pipe(Effect.onError(() => Effect.forEach(held.values(), (file) => file.close)))
  }

  /** Opens a file by the name that it had, or by those that it has been given since. */
  private chase(
    name: string,
    identity: string,
    held: Map<string, TailedFile>,
    isMissing: (identity: string) => boolean
  ): Effect.Effect<void, IoError> {
    return Effect.gen({ self: this }, function* () {
      let next: string | undefined = name
      for (let step = 0; step < movesMax && next !== undefined && isMissing(identity); step++) {
        const file: TailedFile | undefined = yield* this.open(next)
        next = nextName(next, this.base)
        if (file === undefined) continue
        const found = identityOf(file.stat)
        if (isMissing(found)) held.set(found, file)
        else yield* file.close
      }
    })
  }
}
