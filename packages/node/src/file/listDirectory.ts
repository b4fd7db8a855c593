/** A directory's entries at once, in one call of the host's threads. */
import * as Fs from "node:fs"
import type { PortDirectoryEntry } from "@portico/core/port/index"
import type { Callback } from "./NodeAnswer.ts"
import { kindOf } from "./NodeStat.ts"

type Told = Callback<ReadonlyArray<PortDirectoryEntry> | undefined>

/**
 * The length of a directory that is listed at once. An entry has at least 12 bytes of it on ext4
 * and XFS, 20 on tmpfs, 2 on Btrfs: some thousands of entries.
 */
const bytesMax = 64 * 1024

const entryOf = (entry: Fs.Dirent): PortDirectoryEntry => ({
  name: entry.name,
  kind: kindOf(entry)
})

/** All of it, however many there are. */
export const listAll = (path: string, told: Told): void =>
  Fs.readdir(path, { withFileTypes: true }, (error, entries) =>
    told(error, error === null ? entries.map(entryOf) : undefined)
  )

/** All of a short one; undefined where its length is too much, or says nothing. */
export const listShort = (path: string, told: Told): void =>
  Fs.stat(path, (error, stats) => {
    if (error !== null) return told(error, undefined)
    const isLong = stats.isDirectory() && (stats.size === 0 || stats.size > bytesMax)
    if (isLong) told(null, undefined)
    else listAll(path, told)
  })
