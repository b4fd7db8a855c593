/** Simulated disks with one line changed, and the promise that each of them breaks. */

export interface DiskMutant {
  /** What it does wrong, as a verb phrase. */
  readonly name: string
  /** In `src/disk`. */
  readonly file: string
  /** A part of one line, which is in the file once. */
  readonly from: string
  readonly to: string
  readonly caughtBy: string
}

const syncMutants: ReadonlyArray<DiskMutant> = [
  {
    name: "makes names durable with the file",
    file: "OpenFile.ts",
    from: 'if (inode.kind === "directory") disk.log.syncDirectory(inode)',
    to: "disk.log.syncDirectory(disk.workingDirectory.parent.entries.get('tmp') as never)",
    caughtBy: "a sync of a file does not keep its name"
  },
  {
    name: "makes a write durable at once",
    file: "ChangeLog.ts",
    from: "const next = this.next(change)",
    to: "const next = (apply(change), this.next(change))",
    caughtBy: "content that was not synced may be lost"
  },
  {
    name: "makes nothing durable when a file is synced",
    file: "ChangeLog.ts",
    from: 'if (!dataOnly || change.kind !== "mode") apply(change)',
    to: 'if (dataOnly && change.kind !== "mode") apply(change)',
    caughtBy: "content lasts once the file was synced"
  },
  {
    name: "makes all files durable with a directory",
    file: "ChangeLog.ts",
    from: "const kept: Array<Pending<NameChange>> = []",
    to: "for (const f of this.files.keys()) this.sync(f, false); const kept: Array<any> = []",
    caughtBy: "a sync of a directory does not keep what is in its files"
  },
  {
    name: "tries again what a failed sync could not write",
    file: "OpenFile.ts",
    from: "disk.log.forget(inode)",
    to: "",
    caughtBy: "a failed sync is told once, and has lost the data"
  },
  {
    name: "makes the mode durable with the data",
    file: "ChangeLog.ts",
    from: "if (!dataOnly || modes.length === 0) return",
    to: "for (const mode of modes) apply(mode.change); if (!dataOnly || modes.length === 0) return",
    caughtBy: "a sync of data alone keeps length and not mode"
  }
]

const crashMutants: ReadonlyArray<DiskMutant> = [
  {
    name: "makes the two halves of renames durable apart",
    file: "Change.ts",
    from: "const ends = [nameKey(from), nameKey(to), inodeKey(inode)]",
    to: "const ends = [nameKey(to)]",
    caughtBy: "a rename is whole or not at all, and a file has one name after it"
  },
  {
    name: "loses a new folder with what was moved into it",
    file: "Change.ts",
    from: "needs: [...ends, inodeKey(to.directory), ...gone],",
    to: "needs: [...ends, ...gone],",
    caughtBy: "a file that was moved into a new folder is not lost with it"
  },
  {
    name: "removes a folder before what was in it has left",
    file: "Change.ts",
    from: "needs: [nameKey(edit), inodeKey(inode), ...gone],",
    to: "needs: [nameKey(edit), inodeKey(inode)],",
    caughtBy: "a file that was moved out of a folder is not lost with the folder"
  },
  {
    name: "removes the old name before there is another one",
    file: "Change.ts",
    from: "needs: [nameKey(edit), inodeKey(inode), ...gone],",
    to: "needs: [nameKey(edit), ...gone],",
    caughtBy: "a file that got another name keeps one of them"
  },
  {
    name: "loses no write without those that came later",
    file: "crash.ts",
    from: "return (change) => drawFate(change, draws)",
    to: 'return (change, index) => (index === all.length - 1 ? drawFate(change, draws) : "kept")',
    caughtBy: "a random crash keeps any part of two appends, or zeroes for them"
  },
  {
    name: "never makes a file longer before its bytes are there",
    file: "crash.ts",
    from: "if (extendsFile(write) && draws.below(2) === 1) return inode.durable.resize(end)",
    to: "",
    caughtBy: "a random crash keeps any part of two appends, or zeroes for them"
  },
  {
    name: "keeps what came after the cut of a prefix",
    file: "crash.ts",
    from: 'index < cut ? "kept" : index > cut ? "lost" : drawFate(change, draws)',
    to: 'index < cut ? "kept" : drawFate(change, draws)',
    caughtBy: "a prefix keeps no append without the one before it"
  },
  {
    name: "reorders across a flush",
    file: "crash.ts",
    from: 'flush < last ? "kept" : flush > last ? "lost" : drawFate(change, draws)',
    to: "drawFate(change, draws)",
    caughtBy: "a device reorders nothing across a flush"
  },
  {
    name: "tears writes anywhere",
    file: "crash.ts",
    from: "const sectorBytes = [4096, 512] as const",
    to: "const sectorBytes = [4096, 100] as const",
    caughtBy: "a write is torn between sectors, and nowhere else"
  },
  {
    name: "never tears a write",
    file: "crash.ts",
    from: 'return draw === 0 ? "kept" : draw === 1 ? "lost" : "torn"',
    to: 'return draw < 2 ? "kept" : "lost"',
    caughtBy: "a write is torn between sectors, and nowhere else"
  },
  {
    name: "loses writes by the mildest draw",
    file: "crash.ts",
    from: 'return draw === 0 ? "kept" : draw === 1 ? "lost" : "torn"',
    to: 'return draw === 1 ? "kept" : draw === 0 ? "lost" : "torn"',
    caughtBy: "a crash that draws nothing but 0 keeps everything"
  },
  {
    name: "writes through to what is durable after a crash",
    file: "Content.ts",
    from: "page.isShared = true",
    to: "",
    caughtBy: "what is written after a crash is not durable by itself"
  },
  {
    name: "forgets to drop what was pending",
    file: "ChangeLog.ts",
    from: "this.files.clear()",
    to: "",
    caughtBy: "a second crash loses no more, and brings nothing back"
  },
  {
    name: "lets descriptors live through a crash",
    file: "OpenFile.ts",
    from: "return this.generation !== this.disk.generation",
    to: "return false",
    caughtBy: "what was opened before a crash fails after it"
  }
]

const fileMutants: ReadonlyArray<DiskMutant> = [
  {
    name: "heeds positions when it appends",
    file: "OpenFile.ts",
    from: "this.request.append ? inode.content.bytes : (position ?? this.cursor)",
    to: "position ?? (this.request.append ? inode.content.bytes : this.cursor)",
    caughtBy: "what is opened to append ignores positions"
  },
  {
    name: "moves the cursor with positions",
    file: "OpenFile.ts",
    from: "if (position === undefined) this.cursor = at + taken",
    to: "this.cursor = at + taken",
    caughtBy: "positions leave the cursor alone"
  },
  {
    name: "shows again what was cut off",
    file: "Content.ts",
    from: "if (offset > 0 && this.pages.has(kept - 1)) this.ownPage(kept - 1).fill(0, offset)",
    to: "",
    caughtBy: "what was cut off is zeroes when the file grows again"
  },
  {
    name: "frees a file that is open",
    file: "Disk.ts",
    from: "if (inode.links > 0 || inode.opens > 0) return",
    to: "if (inode.links > 0) return",
    caughtBy: "a file without a name is there until it is closed, and takes space"
  },
  {
    name: "removes a name of a file that is renamed onto itself",
    file: "Names.ts",
    from: "rename(2) leaves both.\n  if (target === inode) return undefined",
    to: "",
    caughtBy: "a rename onto another name of the same file leaves both"
  },
  {
    name: "moves a folder into itself",
    file: "Names.ts",
    from: 'if (isInside(to.parent, inode)) return "invalidArgument"',
    to: "",
    caughtBy: "a folder is not moved into itself, nor removed while something is in it"
  },
  {
    name: "removes folders that are not empty",
    file: "Names.ts",
    from: 'return inode.entries.size > 0 ? "notEmpty" : remove(disk, place, inode)',
    to: "return remove(disk, place, inode)",
    caughtBy: "a folder is not moved into itself, nor removed while something is in it"
  },
  {
    name: "takes a name of 256 bytes",
    file: "Lookup.ts",
    from: "export const nameBytesMax = 255",
    to: "export const nameBytesMax = 256",
    caughtBy: "a name has 255 bytes at most"
  },
  {
    name: "follows a link when it creates exclusively",
    file: "OpenFile.ts",
    from: "const follows = !request.noFollow && !isExclusive",
    to: "const follows = !request.noFollow",
    caughtBy: "an exclusive create does not follow a link"
  },
  {
    name: "gives the owner what others may do",
    file: "Inode.ts",
    from: "inode.user === owner.user ? 6",
    to: "inode.user === owner.user ? 0",
    caughtBy: "permission bits are those of the owner, for whom they are"
  }
]

const limitMutants: ReadonlyArray<DiskMutant> = [
  {
    name: "is never full",
    file: "Space.ts",
    from: "Math.floor((Math.min(capacityBytes, quotaBytes) - this.bytes) / pageBytes)",
    to: "Infinity",
    caughtBy: "a full disk takes what fits, then nothing"
  },
  {
    name: "counts pages that are there already",
    file: "Content.ts",
    from: "if (this.pages.has(index) || left-- > 0) continue",
    to: "if (left-- > 0) continue",
    caughtBy: "a full disk takes what fits, then nothing"
  },
  {
    name: "takes names for nothing",
    file: "Names.ts",
    from: "return disk.space.refuses(entryBytes + inodes * inodeBytes, inodes)",
    to: "return undefined",
    caughtBy: "a full disk takes no names"
  },
  {
    name: "keeps the space of what a rename replaced",
    file: "Names.ts",
    from: "if (target !== undefined) disk.freeIfUnused(target)",
    to: "",
    caughtBy: "what is removed makes room"
  },
  {
    name: "writes although it says that it failed",
    file: "OpenFile.ts",
    from: 'wanted === 0) return 0\n    if (disk.faults.fails("write")) return "deviceError"',
    to: 'wanted === 0) return 0; this.put(inode, 0, buffers[0]!); return "deviceError"',
    caughtBy: "a write that fails writes nothing"
  },
  {
    name: "holds any number of pending writes",
    file: "ChangeLog.ts",
    from: "this.bytes > pendingBytesMax || ",
    to: "",
    caughtBy: "changes are written back when there are too many of them"
  },
  {
    name: "holds any number of pending names",
    file: "ChangeLog.ts",
    from: "if (this.names.length <= pendingNamesMax) return",
    to: "return",
    caughtBy: "changes are written back when there are too many of them"
  }
]

export const diskMutants: ReadonlyArray<DiskMutant> = [
  ...syncMutants,
  ...crashMutants,
  ...fileMutants,
  ...limitMutants
]
