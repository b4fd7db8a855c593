/** An open directory as a port: the names that were there when it was opened, in any order. */
import type { FileDone, PortDirectory, PortDirectoryEntry } from "@portico/core/port/index"
import type { DirectoryInode } from "../disk/Inode.ts"
import type { Host, OpenDescriptor } from "../kernel/Host.ts"
import type { Prng } from "../Prng.ts"
import type { SimFiles } from "./SimFiles.ts"

export class SimDirectory implements PortDirectory, OpenDescriptor {
  private readonly files: SimFiles
  private readonly host: Host
  private readonly entries: Array<PortDirectoryEntry>
  private given = 0

  constructor(files: SimFiles, host: Host, directory: DirectoryInode) {
    this.files = files
    this.host = host
    this.entries = entriesOf(directory, files.disk.draws)
    host.openedFile(this)
  }

  read(entriesMax: number, done: FileDone<ReadonlyArray<PortDirectoryEntry>>): void {
    const perform = () => {
      const from = this.given
      this.given += entriesMax
      return this.entries.slice(from, this.given)
    }
    this.files.submit("getdents", "metadata", 0, perform, done)
  }

  close(done: FileDone<void>): void {
    const free = () => {
      this.host.closedFile(this)
      done(undefined)
    }
    this.files.submit("closedir", "metadata", 0, () => undefined, free)
  }

  // Its entries were taken when it was opened: the disk holds nothing for it.
  release(): void {}
}

/** What is in it now, in any order. */
export const entriesOf = (directory: DirectoryInode, draws: Prng): Array<PortDirectoryEntry> => {
  const entries: Array<PortDirectoryEntry> = Array.from(directory.entries, ([name, { kind }]) => ({
    name,
    kind
  }))
  shuffle(entries, draws)
  return entries
}

// Hosts give names in no order that means anything. All draws 0 leave them as they were made.
const shuffle = (entries: Array<PortDirectoryEntry>, draws: Prng): void => {
  for (let index = entries.length - 1; index > 0; index--) {
    const other = index - draws.below(index + 1)
    const entry = entries[index]!
    entries[index] = entries[other]!
    entries[other] = entry
  }
}
