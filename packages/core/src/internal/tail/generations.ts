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

interface Rotated {
  readonly before: string
  /** A number or a date. */
  readonly suffix: string
  readonly after: string
}

/** The parts of a name that a rotation gives: `log.1`, `log-20261122`, `app.1.log`. */
const partsOf = (name: string, base: string): Rotated | undefined => {
  const dot = base.lastIndexOf(".")
  const stems: Array<readonly [before: string, after: string]> = [[base, ""]]
  if (dot > 0) stems.push([base.slice(0, dot), base.slice(dot)])
  for (const [stem, after] of stems) {
    if (!name.startsWith(stem) || !name.endsWith(after)) continue
    const middle = name.slice(stem.length, name.length - after.length)
    if (!/^[.-]\d[\d._T:-]*$/.test(middle)) continue
    return { before: stem + middle[0]!, suffix: middle.slice(1), after }
  }
  return undefined
}

export const suffixOf = (name: string, base: string): string | undefined =>
  partsOf(name, base)?.suffix

/** Where the next rotation moves it: `log.2` of `log.1`. Undefined when it stays where it is. */
export const nextName = (name: string, base: string): string | undefined => {
  const parts = partsOf(name, base)
  if (parts === undefined || !isCount(parts.suffix)) return undefined
  return `${parts.before}${Number(parts.suffix) + 1}${parts.after}`
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

/** When it was made, as far as a host tells. */
export const bornOf = ({ createdNanos, modifiedNanos }: FileStat): bigint =>
  createdNanos ?? modifiedNanos

/**
 * Older ones first: by the time at which they were made. A kernel's times may be as coarse as 4 ms,
 * so of those made together the names decide.
 */
export const inOrder =
  (base: string) =>
  (one: Named, other: Named): number => {
    const [made, later] = [one, other].map(({ stat }) => bornOf(stat))
    if (made !== later) return made! < later! ? -1 : 1
    return compareSuffixes(suffixOf(one.name, base), suffixOf(other.name, base))
  }

/** Counted names from 1 on, then the others: what is renamed to the next name is still ahead. */
export const inOrderOfMoves =
  (base: string) =>
  (one: string, other: string): number =>
    compareSuffixes(suffixOf(other, base), suffixOf(one, base))
