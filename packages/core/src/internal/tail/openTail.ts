/** `FileTail.open`: check, watch the directory, begin. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { HintInterest } from "../../DirectoryHints.ts"
import type { FileTail, TailOptions } from "../../FileTail.ts"
import type { FilesService } from "../../FilesService.ts"
import type { IoError } from "../../IoError.ts"
import type { Site } from "../../Site.ts"
import type { WatchService } from "../../Watch.ts"
import * as Check from "../Check.ts"
import { suffixOf } from "./generations.ts"
import { Follower } from "./Follower.ts"
import { Siblings } from "./Siblings.ts"

export interface TailServices {
  readonly files: FilesService
  readonly watch: WatchService
  readonly site: Site
}

const operation = "FileTail.open"

const check = (path: string, options: TailOptions) => {
  const { from, generationsMax } = options
  if (typeof path !== "string" || /^$|\0|\/$/.test(path)) {
    return Check.invalid(operation, "path", "a path of a file, without NUL", path)
  }
  if (from !== undefined && from !== "start" && from !== "end") {
    return Check.invalid(operation, "from", "start or end", from)
  }
  return generationsMax === undefined
    ? undefined
    : Check.integer(operation, "generationsMax", generationsMax, 1, 1_024)
}

/**
 * What is followed may have another name by now, and be appended to. That a file that rotations
 * named has its next name is no news by itself, and a rotation renames hundreds.
 */
const interestIn =
  (base: string): HintInterest =>
  (name, isContent) => {
    if (name === base) return "now"
    if (suffixOf(name, base) === undefined) return "never"
    return isContent ? "now" : "soon"
  }

export const openTail = (
  { files, site, watch }: TailServices,
  path: string,
  { from = "end", generationsMax = 64, ...watching }: TailOptions
): Effect.Effect<FileTail, IoError, Scope.Scope> =>
  Effect.suspend(() => {
    const refusal = check(path, { from, generationsMax })
    if (refusal !== undefined) return refusal
    const at = path.lastIndexOf("/")
    const directory = at === -1 ? "." : path.slice(0, at) || "/"
    return Effect.gen(function* () {
      const scope = yield* Effect.scope
      const base = path.slice(at + 1)
      const interest = interestIn(base)
      const hints = yield* watch.hints(directory, { ...watching, interest }, site)
      const siblings = new Siblings(files, site, scope, directory, base, generationsMax)
      const follower = new Follower(path, hints, siblings, files)
      yield* follower.begin(from)
      return follower
    })
  })
