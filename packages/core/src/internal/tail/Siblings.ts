/** The files beside one that is followed: opening them, and finding those that had its name. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { FilesService } from "../../FilesService.ts"
import { type IoError, isIoError } from "../../IoError.ts"
import type { Site } from "../../Site.ts"
import {
  identityOf,
  inOrder,
  inOrderOfMoves,
  type Named,
  nextName,
  suffixOf
} from "./generations.ts"
import { headBytes, startsWith, TailedFile } from "./TailedFile.ts"

/** Names that may stand in the directory beside those of rotations. */
const entriesMax = 100_000

/** Files that were read and are remembered, beside those that were there at the start. */
const readMax = 10_000

/** Renamed while it was looked at: so often it is looked at again. */
const attemptsMax = 8

/** Names whose `lstat` is under way at once. */
const concurrency = 4

/** Rotations that may come between finding a name and opening it. */
const movesMax = 32

const isGone = (error: IoError): boolean => isIoError(error, "NotFound")

export class Siblings {
  private readonly files: FilesService
  private readonly site: Site
  private readonly scope: Scope.Scope
  private readonly directory: string
  readonly base: string
  private readonly openMax: number
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
    this.directory = directory
    this.base = base
    this.openMax = openMax
  }

  private pathOf(name: string): string {
    return this.directory.endsWith("/") ? this.directory + name : `${this.directory}/${name}`
  }

  /** Whether it is the name that is followed, or one that rotations give. */
  isRelated(path: string): boolean {
    const name = path.slice(path.lastIndexOf("/") + 1)
    return name === this.base || suffixOf(name, this.base) !== undefined
  }

  /** The file of a name, or undefined where there is none. */
  open(name: string): Effect.Effect<TailedFile | undefined, IoError> {
    const path = this.pathOf(name)
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

  /**
   * Older ones first. Names may move while they are looked at one by one, and a file be missed for
   * it; so it is looked until none has moved and nothing new is found.
   */
  private get list(): Effect.Effect<ReadonlyArray<Named>, IoError> {
    return Effect.gen({ self: this }, function* () {
      const found = new Map<string, Named>()
      for (let pass = 0; pass < attemptsMax; pass++) {
        const before = found.size
        const { all, moved } = yield* this.look
        for (const one of all) found.set(identityOf(one.stat), one)
        // Between two renames of a rotation the one file there is may have no name that was listed.
        if (moved === 0 && (found.size === 0 || (pass > 0 && found.size === before))) break
      }
      return Array.from(found.values()).sort(inOrder(this.base))
    })
  }

  /** What the names lead to, and how many of them led nowhere any more. */
  private get look(): Effect.Effect<
    { readonly all: ReadonlyArray<Named>; readonly moved: number },
    IoError
  > {
    const { files } = this
    const isRotated = ({ name }: { readonly name: string }) =>
      suffixOf(name, this.base) !== undefined
    const stat = (name: string) =>
      Effect.map(files.linkStat(this.pathOf(name)), (stat) => ({ name, stat })).pipe(
        Effect.catchIf(isGone, () => Effect.undefined)
      )
    return files.entries(this.directory, this.site).pipe(
      Stream.take(entriesMax),
      Stream.filter(isRotated),
      Stream.runCollect,
      // Whatever is renamed meanwhile is met under its next name,
      Effect.map((entries) => entries.map(({ name }) => name).sort(inOrderOfMoves(this.base))),
      Effect.flatMap((names) =>
        Effect.zipWith(
          Effect.forEach(names, stat, { concurrency }),
          // which the oldest has behind all that were listed.
          this.beyond(names, stat),
          (listed, behind) => [...listed, ...behind]
        )
      ),
      Effect.map((all) => ({
        all: all.filter((one) => one?.stat.kind === "file") as Array<Named>,
        moved: all.filter((one) => one === undefined).length
      }))
    )
  }

  /** What counted names lead to that come after the last of `names`, in order of their moves. */
  private beyond(
    names: ReadonlyArray<string>,
    stat: (name: string) => Effect.Effect<Named | undefined, IoError>
  ): Effect.Effect<ReadonlyArray<Named>, IoError> {
    return Effect.gen({ self: this }, function* () {
      const found: Array<Named> = []
      let name = names.findLast((one) => nextName(one, this.base) !== undefined)
      // A rotation renames the last one first: for a moment there is nothing where it was.
      for (let step = 0, gaps = 0; step < movesMax && gaps < 2; step++) {
        name = name === undefined ? undefined : nextName(name, this.base)
        if (name === undefined) break
        const one = yield* stat(name)
        if (one === undefined) gaps++
        else found.push(one)
      }
      return found
    })
  }

  /** What is there is not news. */
  get noteAll(): Effect.Effect<void, IoError> {
    return Effect.map(this.list, (all) => {
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
      const chosen = yield* choose(yield* this.list)
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
    const looked = Effect.map(this.files.stat(this.pathOf(this.base)), identityOf)
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
        if (attempt > 0) names = (yield* this.look).all
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
