/**
 * The changes that a loss of power may lose, and what makes them last.
 *
 * It is bounded as a kernel's dirty memory is: beyond it, what is oldest is written back without
 * being asked for.
 */
import {
  apply,
  type Change,
  type FileChange,
  type Pending,
  type NameChange,
  type Write
} from "./Change.ts"
import type { DirectoryInode, Inode } from "./Inode.ts"

export const pendingBytesMax = 64 * 1024 * 1024
export const pendingChangesMax = 65_536
export const pendingNamesMax = 4096

/** Told what happens to changes, for whoever keeps a trace. */
export interface ChangeWatch {
  /** A program calls it by this path. */
  readonly opened: (inode: Inode, path: string) => void
  readonly added: (change: Change) => void
  readonly synced: (inode: Inode) => void
  /** With the power; `torn`: not all of it. */
  readonly gone: (change: Change, how: "lost" | "torn") => void
}

export class ChangeLog {
  watch: ChangeWatch | undefined = undefined
  /** By inode, in the order in which they became dirty. */
  private readonly files = new Map<Inode, Array<Pending<FileChange>>>()
  private names: Array<Pending<NameChange>> = []
  private sequence = 0
  private flushes = 0
  private changes = 0
  private bytes = 0

  /** Bytes written, and changes of any kind, that are not durable. */
  get pendingBytes(): number {
    return this.bytes
  }

  get pendingChanges(): number {
    return this.changes + this.names.length
  }

  add(change: FileChange): void {
    const { inode } = change
    this.watch?.added(change)
    const pending = this.files.get(inode)
    const next = this.next(change)
    if (pending === undefined) this.files.set(inode, [next])
    else pending.push(next)
    this.changes++
    if (change.kind === "write") this.bytes += change.bytes.length
    while (this.bytes > pendingBytesMax || this.changes > pendingChangesMax) {
      this.settle(this.files.keys().next().value!, apply)
    }
  }

  addNames(change: NameChange): void {
    this.watch?.added(change)
    this.names.push(this.next(change))
    if (this.names.length <= pendingNamesMax) return
    for (const { change: oldest } of this.names.splice(0, pendingNamesMax / 2)) apply(oldest)
  }

  private next<A extends Change>(change: A): Pending<A> {
    return { sequence: ++this.sequence, flush: this.flushes, change }
  }

  /** Bytes that a sync of `inode` has to write. */
  dirtyBytes(inode: Inode): number {
    let bytes = 0
    for (const { change } of this.files.get(inode) ?? []) {
      if (change.kind === "write") bytes += change.bytes.length
    }
    return bytes
  }

  /** What was written to `inode` and its length are durable, and its mode unless `dataOnly`. */
  sync(inode: Inode, dataOnly: boolean): void {
    this.watch?.synced(inode)
    this.flushes++
    const modes = (this.files.get(inode) ?? []).filter(({ change }) => change.kind === "mode")
    this.settle(inode, (change) => {
      if (!dataOnly || change.kind !== "mode") apply(change)
    })
    if (!dataOnly || modes.length === 0) return
    this.files.set(inode, modes)
    this.changes += modes.length
  }

  /** They were written without being asked for. */
  writeBack(inode: Inode): void {
    this.settle(inode, apply)
  }

  /** The kernel could not write them: it holds them for clean all the same. */
  forget(inode: Inode): void {
    this.settle(inode, () => {})
  }

  private settle(inode: Inode, each: (change: Change) => void): void {
    for (const { change } of this.files.get(inode) ?? []) {
      this.changes--
      if (change.kind === "write") this.bytes -= change.bytes.length
      each(change)
    }
    this.files.delete(inode)
  }

  /** The names in `directory` are durable, with whatever else they need to be. */
  syncDirectory(directory: DirectoryInode): void {
    this.flushes++
    const kept: Array<Pending<NameChange>> = []
    const durable: Array<NameChange> = []
    const needed = new Set<string>()
    // Backwards: a change can need only what came before it.
    for (const pending of this.names.toReversed()) {
      const { change } = pending
      const isNeeded = change.touches.some((key) => needed.has(key))
      if (isNeeded) for (const key of change.needsWay) needed.add(key)
      if (isNeeded || change.edits.some((edit) => edit.directory === directory)) {
        for (const key of change.needs) needed.add(key)
        durable.push(change)
      } else kept.push(pending)
    }
    for (const change of durable.toReversed()) apply(change)
    this.names = kept.toReversed()
  }

  /** All that is pending, in order, and no more after this. */
  takeAll(): ReadonlyArray<Pending> {
    const all: Array<Pending> = [...this.names]
    for (const pending of this.files.values()) all.push(...pending)
    this.names = []
    this.files.clear()
    this.changes = this.bytes = 0
    return all.sort((left, right) => left.sequence - right.sequence)
  }
}

/** Whether it makes the file longer. */
export const extendsFile = ({ bytes, inode, position }: Write): boolean =>
  position + bytes.length > inode.durable.bytes
