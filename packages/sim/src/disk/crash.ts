/**
 * What a loss of power leaves: all that was durable, and a part of what was pending.
 *
 * Every part that the modes can leave is one that a file system of POSIX may leave. Which it is, is
 * drawn; 0 always keeps a change.
 */
import type { Prng } from "../Prng.ts"
import { apply, type Change, type Pending, type Write } from "./Change.ts"
import { type ChangeLog, extendsFile } from "./ChangeLog.ts"

/**
 * What is lost of that which no sync has made durable. `none` and `all` say it. `random`: any
 * changes, each for itself. `prefix`: those after some moment. `reorderedWithinFlush`: all after
 * some sync, and any between that and the one before it, as a device loses what is in its cache.
 * But for `none` and `all`, a write may also be torn, or have made a file longer by zeroes alone.
 */
export type CrashMode = "none" | "all" | "random" | "prefix" | "reorderedWithinFlush"

export interface CrashReport {
  /** Changes that were pending. */
  readonly pending: number
  /** Those of them that left nothing. */
  readonly lost: number
  /** Those that left a part of what they wrote, or zeroes. */
  readonly torn: number
}

/** What a device writes at once, wholly or not at all. */
const sectorBytes = [4096, 512] as const
/** The largest count that can be drawn. */
const drawsMax = 2 ** 21

type Fate = "kept" | "lost" | "torn"

export const loseSome = (log: ChangeLog, mode: CrashMode, draws: Prng): CrashReport => {
  const all = log.takeAll()
  const fateOf = fates(mode, all, draws)
  const gone = new Set<string>()
  let lost = 0
  let torn = 0
  for (const [index, { change, flush }] of all.entries()) {
    const fate = isOrphaned(change, gone) ? "lost" : fateOf(change, index, flush)
    if (fate !== "kept") log.watch?.gone(change, fate)
    if (fate === "lost") {
      lost++
      if (change.kind === "names") for (const key of change.touches) gone.add(key)
    } else if (fate === "torn" && change.kind === "write") {
      torn++
      tear(change, draws)
    } else apply(change)
  }
  return { pending: all.length, lost, torn }
}

/** Something that it needs was lost. */
const isOrphaned = (change: Change, gone: ReadonlySet<string>): boolean =>
  change.kind === "names" &&
  (change.needs.some((key) => gone.has(key)) || change.needsWay.some((key) => gone.has(key)))

type FateOf = (change: Change, index: number, flush: number) => Fate

const fates = (mode: CrashMode, all: ReadonlyArray<Pending>, draws: Prng): FateOf => {
  switch (mode) {
    case "none":
      return () => "kept"
    case "all":
      return () => "lost"
    case "random":
      return (change) => drawFate(change, draws)
    case "prefix": {
      const cut = all.length - draws.below(Math.min(all.length + 1, drawsMax))
      return (change, index) =>
        index < cut ? "kept" : index > cut ? "lost" : drawFate(change, draws)
    }
    case "reorderedWithinFlush": {
      const flushes = [...new Set(all.map(({ flush }) => flush))].sort((a, b) => b - a)
      const last = flushes[draws.below(Math.max(1, Math.min(flushes.length, drawsMax)))] ?? 0
      return (change, _, flush) =>
        flush < last ? "kept" : flush > last ? "lost" : drawFate(change, draws)
    }
  }
}

const drawFate = (change: Change, draws: Prng): Fate => {
  if (change.kind !== "write") return draws.below(2) === 0 ? "kept" : "lost"
  const draw = draws.below(4)
  return draw === 0 ? "kept" : draw === 1 ? "lost" : "torn"
}

/**
 * Leaves a part of a write: without a run of sectors, or, where it made the file longer, none of
 * its bytes but its length, which a file system may have noted before them.
 */
const tear = (write: Write, draws: Prng): void => {
  const { bytes, inode, position } = write
  const end = position + bytes.length
  if (extendsFile(write) && draws.below(2) === 1) return inode.durable.resize(end)
  const unit = sectorBytes[draws.below(2)]!
  const first = Math.floor(position / unit)
  const sectors = Math.min(Math.ceil(end / unit) - first, drawsMax - 1)
  const lost = draws.below(sectors + 1)
  // Most often it is the end that is missing.
  const from = draws.below(2) === 0 ? sectors - lost : draws.below(sectors - lost + 1)
  const isLost = (sector: number) => sector >= from && sector < from + lost
  for (let sector = 0; sector * unit + first * unit < end; sector++) {
    if (isLost(sector)) continue
    const begin = Math.max(position, (first + sector) * unit)
    const stop = Math.min(end, (first + sector + 1) * unit)
    inode.durable.write(begin, bytes.subarray(begin - position, stop - position))
  }
}
