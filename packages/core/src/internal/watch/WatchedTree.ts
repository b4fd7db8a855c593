/**
 * What a watcher knows: names with what was there at the last look, and the directories that are
 * watched. Paths are the host's.
 */
import type { FileStat } from "../../FileStat.ts"
import type { PortWatch } from "../../port/WatchPort.ts"

export interface WatchedDirectory {
  readonly path: string
  readonly names: Set<string>
  /** Undefined where it is polled. */
  readonly watch: PortWatch | undefined
}

export const join = (directory: string, name: string): string =>
  directory.endsWith("/") ? directory + name : `${directory}/${name}`

/** The directory and the name of an absolute path. */
export const split = (path: string): readonly [directory: string, name: string] => {
  const at = path.lastIndexOf("/")
  return [path.slice(0, at) || "/", path.slice(at + 1)]
}

export class WatchedTree {
  readonly known = new Map<string, FileStat>()
  readonly directories = new Map<string, WatchedDirectory>()

  /** Forgets a directory and all below it; tells each name that was known there. */
  forget(path: string, onForgotten: (path: string, stat: FileStat) => void): void {
    const directory = this.directories.get(path)
    if (directory === undefined) return
    this.directories.delete(path)
    directory.watch?.close()
    for (const name of directory.names) {
      const below = join(path, name)
      const stat = this.known.get(below)
      if (stat === undefined) continue
      this.known.delete(below)
      onForgotten(below, stat)
      this.forget(below, onForgotten)
    }
  }

  setRef(isRef: boolean): void {
    for (const { watch } of this.directories.values()) watch?.setRef(isRef)
  }

  close(): void {
    for (const { watch } of this.directories.values()) watch?.close()
    this.directories.clear()
    this.known.clear()
  }
}
