/**
 * Which counted name to look at next: those that were listed, and what follows on a name that is
 * there or was left, where a file may have been renamed to meanwhile.
 */
import { nextName } from "./generations.ts"

/** Names in a row that were not listed. */
const unlistedMax = 32

/** A rotation renames the last one first: for a moment there is nothing where it was. */
const gapsMax = 2

export class CountedWalk {
  /** Names that were listed, and led nowhere. */
  moved = 0
  private readonly names: ReadonlyArray<string>
  private readonly base: string
  private at = -1
  private name: string | undefined
  private unlisted = 0
  private gaps = 0

  /** `names` from the lowest count on. */
  constructor(names: ReadonlyArray<string>, base: string) {
    this.names = names
    this.base = base
  }

  /** `isThere`: whether the last name led anywhere. Undefined at the end. */
  next(isThere: boolean): string | undefined {
    if (this.name !== undefined && !isThere && this.unlisted === 0) this.moved++
    this.gaps = isThere ? 0 : this.gaps + 1
    const listed = this.names[this.at + 1]
    const following = this.name === undefined ? undefined : nextName(this.name, this.base)
    const isFollowed =
      following !== undefined &&
      following !== listed &&
      this.unlisted < unlistedMax &&
      this.gaps < gapsMax
    if (isFollowed) this.unlisted++
    else {
      this.at++
      this.unlisted = 0
      this.gaps = 0
    }
    this.name = isFollowed ? following : listed
    return this.name
  }
}
