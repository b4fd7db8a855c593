/**
 * What the names in a directory lead to that rotations give, however they move meanwhile.
 *
 * A rotation moves counted names from the last one on, so who looks at them from the first one on
 * meets each file that was there: what is renamed is renamed to a name that is still ahead.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { FilesService } from "../../FilesService.ts"
import { type IoError, isIoError } from "../../IoError.ts"
import type { Site } from "../../Site.ts"
import {
  bornOf,
  identityOf,
  inOrder,
  inOrderOfMoves,
  type Named,
  nextName,
  suffixOf
} from "./generations.ts"
import { CountedWalk } from "./CountedWalk.ts"

/** Names that may stand in the directory beside those of rotations. */
const entriesMax = 100_000

/** So often the directory is listed until nothing has moved. */
const attemptsMax = 8

/** Names whose `lstat` is under way at once. */
const concurrency = 4

const isGone = (error: IoError): boolean => isIoError(error, "NotFound")

/** Whether it was read, or was there before. */
export type IsKnown = (identity: string) => boolean

interface Looked {
  readonly all: ReadonlyArray<Named>
  readonly moved: number
}

export class RotatedNames {
  private readonly files: FilesService
  private readonly site: Site
  private readonly directory: string
  private readonly base: string
  private readonly isKnown: IsKnown

  constructor(files: FilesService, site: Site, directory: string, base: string, isKnown: IsKnown) {
    this.files = files
    this.site = site
    this.directory = directory
    this.base = base
    this.isKnown = isKnown
  }

  pathOf(name: string): string {
    return this.directory.endsWith("/") ? this.directory + name : `${this.directory}/${name}`
  }

  /**
   * Older ones first. A file may get a name that was not listed and does not move, a date; so the
   * directory is listed until none has left its name and nothing new is found.
   */
  get list(): Effect.Effect<ReadonlyArray<Named>, IoError> {
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

  /** What the names lead to, and how many of those listed led nowhere any more. */
  get look(): Effect.Effect<Looked, IoError> {
    return Effect.gen({ self: this }, function* () {
      const names = yield* this.names
      const isCounted = (name: string) => nextName(name, this.base) !== undefined
      const counted = yield* this.walk(names.filter(isCounted))
      const others = names.filter((name) => !isCounted(name))
      const looked = yield* Effect.forEach(others, (name) => this.stat(name), { concurrency })
      const all = [...counted.all, ...looked.filter((one) => one !== undefined)]
      return {
        all: all.filter(({ stat }) => stat.kind === "file"),
        moved: counted.moved + looked.filter((one) => one === undefined).length
      }
    })
  }

  private get names(): Effect.Effect<ReadonlyArray<string>, IoError> {
    return this.files.entries(this.directory, this.site).pipe(
      Stream.take(entriesMax),
      Stream.map(({ name }) => name),
      Stream.filter((name) => suffixOf(name, this.base) !== undefined),
      Stream.runCollect,
      Effect.map((names) => names.toSorted(inOrderOfMoves(this.base)))
    )
  }

  private stat(name: string): Effect.Effect<Named | undefined, IoError> {
    return Effect.map(this.files.linkStat(this.pathOf(name)), (stat) => ({ name, stat })).pipe(
      Effect.catchIf(isGone, () => Effect.undefined)
    )
  }

  /**
   * Counted names in order, and those between and behind them that files were renamed to. Where a
   * rotation counts up from the newest file, it ends at two that are known, the older one last:
   * behind them all are.
   */
  private walk(names: ReadonlyArray<string>): Effect.Effect<Looked, IoError> {
    return Effect.gen({ self: this }, function* () {
      const all: Array<Named> = []
      const walk = new CountedWalk(names, this.base)
      let known: Named | undefined
      for (let name = walk.next(false); name !== undefined;) {
        const one: Named | undefined = yield* this.stat(name)
        if (one !== undefined) {
          all.push(one)
          const isOlder = known !== undefined && bornOf(one.stat) < bornOf(known.stat)
          const before = this.isKnown(identityOf(one.stat))
          if (before && isOlder) break
          known = before ? one : undefined
        }
        name = walk.next(one !== undefined)
      }
      return { all, moved: walk.moved }
    })
  }
}
