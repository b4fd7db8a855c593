/**
 * Files that had a name before: what rotations call them, and in which order they were made.
 */
import type { FileStat } from "../../FileStat.ts"

export interface Named {
  readonly name: string
  readonly stat: FileStat
}

/** One file, as far as a host tells files apart. */
export const identityOf = ({ createdNanos, device, inode }: FileStat): string =>
  `${device}:${inode}:${createdNanos ?? ""}`

/** Number or date in a name that a rotation gives: `log.1`, `log-20261122`, `app.1.log`. */
export const suffixOf = (name: string, base: string): string | undefined => {
  const dot = base.lastIndexOf(".")
  const stems: ReadonlyArray<readonly [before: string, after: string]> =
    dot > 0
      ? [
          [base, ""],
          [base.slice(0, dot), base.slice(dot)]
        ]
      : [[base, ""]]
  for (const [before, after] of stems) {
    if (!name.startsWith(before) || !name.endsWith(after)) continue
    const suffix = name.slice(before.length, name.length - after.length)
    if (/^[.-]\d[\d._T:-]*$/.test(suffix)) return suffix.slice(1)
  }
  return undefined
}

const isCount = (suffix: string): boolean => /^\d{1,5}$/.test(suffix)

/** Below 0 when a name that ends in `one` was given to an older file than one in `other`. */
const compareSuffixes = (one: string | undefined, other: string | undefined): number => {
  if (one === undefined || other === undefined) {
    // The file that has the name itself is the newest.
    return one === other ? 0 : one === undefined ? 1 : -1
  }
  if (isCount(one) && isCount(other)) return Number(other) - Number(one)
  return one < other ? -1 : one > other ? 1 : 0
}

/**
 * Older ones first: by the time at which they were made. A kernel's times may be as coarse as 4 ms,
 * so of those made together the names decide.
 */
export const inOrder =
  (base: string) =>
  (one: Named, other: Named): number => {
    const [made, later] = [one, other].map(({ stat }) => stat.createdNanos ?? stat.modifiedNanos)
    if (made !== later) return made! < later! ? -1 : 1
    return compareSuffixes(suffixOf(one.name, base), suffixOf(other.name, base))
  }
