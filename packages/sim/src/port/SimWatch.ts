/**
 * Watching over a simulated disk, as by inotify: one queue, in order, bounded, read whole in one
 * step. What does not fit is lost, and who watches is told to look at everything.
 */
import type { PortFailure } from "@portico/core/port/index"
import type { PortWatch, WatchPort, WatchPortEvents } from "@portico/core/port/WatchPort"
import type { DirectoryWatcher } from "../disk/DirectoryWatches.ts"
import type { Disk } from "../disk/Disk.ts"
import { Access, type DirectoryInode, permits } from "../disk/Inode.ts"
import { find } from "../disk/Lookup.ts"
import { failure } from "../kernel/Errno.ts"
import { LoopRef } from "../loop/LoopRef.ts"
import type { SimPorts } from "./SimPorts.ts"
import { type Strand, StrandKind } from "../loop/Strand.ts"

/** `max_queued_events` of Linux. */
const queuedMax = 16_384

/** One hint that is on its way. */
interface Hint {
  readonly watch: SimWatchedDirectory
  /** Undefined: of the directory itself. */
  readonly name: string | undefined
  readonly isContent: boolean
}

export class SimWatch implements WatchPort {
  readonly settleMillis = 0
  private readonly ports: SimPorts
  private readonly disk: Disk
  private readonly strand: Strand
  private readonly watching = new Set<SimWatchedDirectory>()
  private hints: Array<Hint> = []
  private isOverrun = false

  constructor(ports: SimPorts, disk: Disk) {
    this.ports = ports
    this.disk = disk
    this.strand = ports.world.strand(StrandKind.port)
  }

  open(path: string, events: WatchPortEvents): PortWatch | PortFailure {
    const { disk } = this
    const directory = find(disk, path)
    if (typeof directory === "string") return failure(directory, "inotify_add_watch")
    if (directory.kind !== "directory") return failure("notADirectory", "inotify_add_watch")
    if (!permits(directory, disk.process, Access.read)) {
      return failure("permissionDenied", "inotify_add_watch")
    }
    const watch = new SimWatchedDirectory(this, directory, events, new LoopRef(this.ports.world))
    this.watching.add(watch)
    disk.watches.add(watch)
    return watch
  }

  remove(watch: SimWatchedDirectory): void {
    this.watching.delete(watch)
    this.disk.watches.remove(watch)
  }

  queue(hint: Hint): void {
    if (this.hints.length >= queuedMax) {
      this.isOverrun = true
      return
    }
    this.hints.push(hint)
    if (this.hints.length === 1) this.ports.world.post(this.strand, () => this.deliver())
  }

  private deliver(): void {
    const { hints, isOverrun } = this
    this.hints = []
    this.isOverrun = false
    this.ports.raise(() => {
      for (const { isContent, name, watch } of hints) watch.tell(name, isContent)
      if (isOverrun) for (const watch of Array.from(this.watching)) watch.tell(undefined, false)
    })
  }
}

class SimWatchedDirectory implements PortWatch, DirectoryWatcher {
  readonly directory: DirectoryInode
  private readonly host: SimWatch
  private readonly events: WatchPortEvents
  private readonly ref: LoopRef
  private isOpen = true

  constructor(host: SimWatch, directory: DirectoryInode, events: WatchPortEvents, ref: LoopRef) {
    this.host = host
    this.directory = directory
    this.events = events
    this.ref = ref
  }

  nameChanged(name: string, isContent: boolean): void {
    this.host.queue({ watch: this, name, isContent })
  }

  selfChanged(): void {
    this.host.queue({ watch: this, name: undefined, isContent: false })
  }

  tell(name: string | undefined, isContent: boolean): void {
    if (!this.isOpen) return
    if (name === undefined) this.events.onUnknown()
    else this.events.onHint(name, isContent)
  }

  close(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.ref.drop()
    this.host.remove(this)
  }

  setRef(isRef: boolean): void {
    this.ref.set(isRef)
  }
}
