/**
 * Who watches directories of a disk, as inotify(7) does: told of names that came and went, and of
 * content and attributes that changed, in the order in which that happened.
 */
import type { DirectoryInode, Inode } from "./Inode.ts"

export interface DirectoryWatcher {
  readonly directory: DirectoryInode
  /** Something about this name changed; of `isContent`, more than the name. */
  nameChanged(name: string, isContent: boolean): void
  /** The directory itself: it has another name, or none. */
  selfChanged(): void
}

export class DirectoryWatches {
  private readonly watchers = new Set<DirectoryWatcher>()

  add(watcher: DirectoryWatcher): void {
    this.watchers.add(watcher)
  }

  remove(watcher: DirectoryWatcher): void {
    this.watchers.delete(watcher)
  }

  /** Whoever watched has lost power. */
  clear(): void {
    this.watchers.clear()
  }

  /** A name came or went. */
  named(directory: DirectoryInode, name: string, inode: Inode): void {
    for (const watcher of this.watchers) {
      if (watcher.directory === directory) watcher.nameChanged(name, false)
      if (watcher.directory === inode) watcher.selfChanged()
    }
  }

  /** Content or attributes changed: told by every name that leads there. */
  changed(inode: Inode): void {
    for (const watcher of this.watchers) {
      if (watcher.directory === inode) watcher.selfChanged()
      for (const [name, entry] of watcher.directory.entries) {
        if (entry === inode) watcher.nameChanged(name, true)
      }
    }
  }
}
