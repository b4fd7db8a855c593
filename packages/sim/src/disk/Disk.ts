/**
 * The disk of one host: plain data and synchronous steps over it. It outlives the host's
 * incarnations.
 *
 * Programs see what is in memory: every change at once. What a loss of power leaves is apart from
 * it (`crash`): writes need a sync of the file, names one of their directory.
 */
import type { Prng } from "../Prng.ts"
import { ChangeLog } from "./ChangeLog.ts"
import { type CrashMode, type CrashReport, loseSome } from "./crash.ts"
import { Device, type DiskSpeed } from "./Device.ts"
import { type DiskFaults, FaultSource, noFaults } from "./DiskFaults.ts"
import type { FaultAtlas } from "./FaultAtlas.ts"
import {
  DirectoryInode,
  FileInode,
  type Inode,
  type Ownership,
  SocketInode,
  SymlinkInode
} from "./Inode.ts"
import type { LookupFrom } from "./Lookup.ts"
import { DirectoryWatches } from "./DirectoryWatches.ts"
import { restore } from "./restore.ts"
import { Space, type SpaceLimits } from "./Space.ts"

export interface DiskOptions {
  readonly limits: SpaceLimits
  /** Whose processes run on the host. The superuser is 0 and may do anything. */
  readonly process: Ownership
}

export const defaultDisk: DiskOptions = {
  limits: {
    capacityBytes: 2 ** 40,
    quotaBytes: 2 ** 40,
    inodesMax: 10_000_000,
    openFilesMax: 1_000_000
  },
  process: { user: 1000, group: 1000 }
}

/**
 * What is durable without a sync. `posix`: nothing. `ext4`: with `auto_da_alloc`, the content of a
 * file that takes another one's place by a rename, or that was cut to nothing when it was opened
 * and is closed (ext4(5)); programs that rely on it lose data elsewhere.
 */
export type DiskProfile = "posix" | "ext4"

export interface DiskUsage {
  readonly bytes: number
  readonly bytesMax: number
  readonly inodes: number
  readonly inodesMax: number
  /** Written, and not durable. */
  readonly pendingBytes: number
  /** Operations that are not durable. */
  readonly pendingChanges: number
  /** Operations that a fault has struck so far. */
  readonly struck: number
}

/** Folders that are there from the beginning, besides the root. */
const firstFolders = ["tmp", "home", "run"]
const workingFolder = "home"

export class Disk implements LookupFrom {
  root!: DirectoryInode
  workingDirectory!: DirectoryInode
  readonly log = new ChangeLog()
  readonly watches = new DirectoryWatches()
  readonly faults: FaultSource
  readonly device: Device
  readonly space: Space
  readonly process: Ownership
  readonly draws: Prng
  profile: DiskProfile = "posix"
  /** Descriptors that are open, of all processes. */
  openFiles = 0
  /** Where silent damage may be; anywhere if there is none. */
  atlas: FaultAtlas | undefined = undefined
  /** Changes with each loss of power: what was opened before is of no use any more. */
  generation = 1
  /** The host's wall clock, in virtual nanoseconds since the world began: an integer. */
  clock: () => number
  private inodes = 0

  constructor(options: DiskOptions, clock: () => number, draws: Prng) {
    this.clock = clock
    this.draws = draws
    this.process = options.process
    this.faults = new FaultSource(draws)
    this.device = new Device(this.faults)
    this.space = new Space(options.limits)
    this.format()
  }

  get now(): number {
    return this.clock()
  }

  newFile(mode: number): FileInode {
    return this.counted(new FileInode(++this.inodes, mode, this.process, this.now))
  }

  newDirectory(mode: number): DirectoryInode {
    return this.counted(new DirectoryInode(++this.inodes, mode, this.process, this.now))
  }

  newSymlink(target: string): SymlinkInode {
    return this.counted(new SymlinkInode(++this.inodes, target, this.process, this.now))
  }

  newSocket(mode: number): SocketInode {
    return this.counted(new SocketInode(++this.inodes, mode, this.process, this.now))
  }

  private counted<A extends Inode>(inode: A): A {
    this.space.inodes++
    return inode
  }

  /** Frees what an inode takes once nothing leads to it: no name, and no descriptor. */
  freeIfUnused(inode: Inode): void {
    if (inode.links > 0 || inode.opens > 0) return
    this.space.inodes--
    if (inode.kind === "file") this.space.pages -= inode.content.pageCount
  }

  /**
   * Loses power. What was durable is there afterwards, and of the rest what `mode` leaves. All that
   * was opened fails from now on.
   */
  crash(mode: CrashMode, draws: Prng = this.draws): CrashReport {
    const report = loseSome(this.log, mode, draws)
    this.restart()
    return report
  }

  private restart(): void {
    this.generation++
    this.openFiles = 0
    this.device.reset()
    this.watches.clear()
    restore(this.root, this.space)
    const home = this.root.entries.get(workingFolder)
    this.workingDirectory = home?.kind === "directory" ? home : this.root
  }

  /** A new, empty disk in its place. */
  wipe(): void {
    this.log.takeAll()
    this.format()
    this.generation++
  }

  usage(): DiskUsage {
    const { log, space } = this
    return {
      bytes: space.bytes,
      bytesMax: Math.min(space.limits.capacityBytes, space.limits.quotaBytes),
      inodes: space.inodes,
      inodesMax: space.limits.inodesMax,
      pendingBytes: log.pendingBytes,
      pendingChanges: log.pendingChanges,
      struck: this.faults.struck
    }
  }

  /** Those that are left out never strike. */
  setFaults(faults: Partial<DiskFaults>): void {
    this.faults.faults = { ...noFaults, ...faults }
  }

  /** Those that are left out stay as they are. */
  setSpeed(speed: Partial<DiskSpeed>): void {
    this.device.speed = { ...this.device.speed, ...speed }
  }

  /** Those that are left out stay as they are. They may be below what is taken. */
  setLimits(limits: Partial<SpaceLimits>): void {
    this.space.limits = { ...this.space.limits, ...limits }
  }

  private format(): void {
    this.root = this.newDirectory(0o755)
    for (const name of firstFolders) {
      const folder = this.newDirectory(name === "tmp" ? 0o1777 : 0o755)
      folder.parent = this.root
      folder.name = name
      this.root.durable.set(name, folder)
    }
    this.restart()
  }
}
