/**
 * Files over a simulated disk: every request takes the virtual time that the disk needs, and is
 * done whole in the step that reports it.
 *
 * One is for one incarnation of a host. The disk is the host's, and lives on.
 */
import type {
  FileDone,
  FileOpenRequest,
  FilePort,
  PortDirectory,
  PortDirectoryEntry,
  PortFile,
  PortFileStat,
  PortLock
} from "@portico/core/port/index"
import { copy, copyBytes } from "../disk/copy.ts"
import type { Disk } from "../disk/Disk.ts"
import type { DiskOperation } from "../disk/DiskFaults.ts"
import { Access, type DirectoryInode, permits } from "../disk/Inode.ts"
import { find, realPath } from "../disk/Lookup.ts"
import * as Names from "../disk/Names.ts"
import { openFile } from "../disk/OpenFile.ts"
import { stat } from "../disk/stat.ts"
import { type Errno, fileFailure } from "../kernel/Errno.ts"
import { LoopRef } from "../loop/LoopRef.ts"
import { epochNanos } from "../effect/SimClock.ts"
import { entriesOf, SimDirectory } from "./SimDirectory.ts"
import { SimFile } from "./SimFile.ts"
import { freeNames, SimLock } from "./SimLock.ts"
import type { SimPorts } from "./SimPorts.ts"
import { StrandKind } from "../loop/Strand.ts"

/** Entries of a directory that is listed at once: few, so that both ways are taken. */
const listedMax = 16

export class SimFiles implements FilePort {
  readonly disk: Disk
  /** As on Node, whose pool has four threads. */
  readonly operationsMax = 4
  readonly temporaryDirectory = "/tmp"
  private readonly ports: SimPorts

  constructor(ports: SimPorts, disk: Disk) {
    this.ports = ports
    this.disk = disk
  }

  /**
   * Does `perform` when the disk has got that far, as an operation of `bytes` bytes. Power lost
   * meanwhile, it never happens.
   */
  submit<A>(
    syscall: string,
    kind: Exclude<DiskOperation, "open">,
    bytes: number,
    perform: () => A | Errno,
    done: FileDone<A>
  ): void {
    const { disk, ports } = this
    const { world } = ports
    const ref = new LoopRef(world)
    const { generation } = disk
    const nanos = disk.device.take(world.now, bytes, kind === "sync")
    world.after(nanos, world.strand(StrandKind.port), () => {
      ref.drop()
      const result = generation === disk.generation ? perform() : "deviceError"
      ports.host.site?.io.note(kind)
      const isRefused = typeof result === "string"
      const told = isRefused ? fileFailure(result as Errno, syscall) : (result as A)
      ports.raise(() => done(told))
    })
  }

  /** As `submit`, for what is about names. */
  private change<A>(
    syscall: string,
    perform: () => A | Errno,
    done: FileDone<A>,
    kind: "metadata" | "open" = "metadata"
  ): void {
    const { faults } = this.disk
    const guarded = () => (faults.fails(kind) ? "deviceError" : perform())
    this.submit<A>(syscall, "metadata", 0, guarded, done)
  }

  open(request: FileOpenRequest, done: FileDone<PortFile>): void {
    const perform = () => {
      const { host } = this.ports
      if (!host.descriptorsLeft) return "descriptorsUsedUp"
      const file = openFile(this.disk, request)
      if (typeof file === "string") return file
      this.disk.log.watch?.opened(file.inode, request.path)
      return new SimFile(this, host, file)
    }
    this.change("open", perform, done, "open")
  }

  openDirectory(path: string, done: FileDone<PortDirectory>): void {
    const perform = () => {
      const { host } = this.ports
      if (!host.descriptorsLeft) return "descriptorsUsedUp"
      const inode = this.readable(path)
      return typeof inode === "string" ? inode : new SimDirectory(this, host, inode)
    }
    this.change("opendir", perform, done, "open")
  }

  list(path: string, done: FileDone<ReadonlyArray<PortDirectoryEntry> | undefined>): void {
    const perform = () => {
      if (!this.ports.host.descriptorsLeft) return "descriptorsUsedUp"
      const inode = this.readable(path)
      if (typeof inode === "string") return inode
      return inode.entries.size > listedMax ? undefined : entriesOf(inode, this.disk.draws)
    }
    this.change<ReadonlyArray<PortDirectoryEntry> | undefined>("readdir", perform, done, "open")
  }

  private readable(path: string): DirectoryInode | Errno {
    const { disk } = this
    const inode = find(disk, path)
    if (typeof inode === "string") return inode
    if (inode.kind !== "directory") return "notADirectory"
    return permits(inode, disk.process, Access.read) ? inode : "permissionDenied"
  }

  stat(path: string, followsLinks: boolean, done: FileDone<PortFileStat>): void {
    const perform = () => {
      const inode = find(this.disk, path, followsLinks)
      return typeof inode === "string" ? inode : stat(inode, epochNanos)
    }
    this.change("stat", perform, done)
  }

  rename(from: string, to: string, done: FileDone<void>): void {
    this.change("rename", () => Names.rename(this.disk, from, to), done)
  }

  link(existing: string, path: string, done: FileDone<void>): void {
    this.change("link", () => Names.link(this.disk, existing, path), done)
  }

  symlink(target: string, path: string, done: FileDone<void>): void {
    this.change("symlink", () => Names.symlink(this.disk, target, path), done)
  }

  readLink(path: string, done: FileDone<string>): void {
    this.change("readlink", () => Names.readLink(this.disk, path), pathOf(done))
  }

  realPath(path: string, done: FileDone<string>): void {
    this.change("realpath", () => realPath(this.disk, path), pathOf(done))
  }

  unlink(path: string, done: FileDone<void>): void {
    this.change("unlink", () => Names.unlink(this.disk, path), done)
  }

  createDirectory(path: string, mode: number, done: FileDone<void>): void {
    this.change("mkdir", () => Names.createDirectory(this.disk, path, mode), done)
  }

  removeDirectory(path: string, done: FileDone<void>): void {
    this.change("rmdir", () => Names.removeDirectory(this.disk, path), done)
  }

  setMode(path: string, mode: number, done: FileDone<void>): void {
    this.change("chmod", () => Names.setMode(this.disk, path, mode), done)
  }

  // A field: core calls it without its port.
  readonly lock = (name: string, isShared: boolean, done: FileDone<PortLock>): void => {
    const perform = () => {
      const { host } = this.ports
      if (!host.descriptorsLeft) return "descriptorsUsedUp"
      const names = freeNames(host, name, isShared)
      return names === undefined ? "wouldBlock" : new SimLock(this, host, names)
    }
    this.submit<PortLock>("flock", "metadata", 0, perform, done)
  }

  copy(from: string, to: string, isExclusive: boolean, done: FileDone<void>): void {
    const bytes = 2 * copyBytes(this.disk, from)
    const perform = () => copy(this.disk, from, to, isExclusive)
    this.submit<undefined>("copyfile", "metadata", bytes, perform, done)
  }
}

// A refusal is a string, so a path that was found comes in a record.
const pathOf =
  (done: FileDone<string>): FileDone<{ readonly path: string }> =>
  (result) =>
    done("path" in result ? result.path : result)
