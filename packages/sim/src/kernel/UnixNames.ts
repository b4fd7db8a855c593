/**
 * The names of Unix sockets on a host: paths on its disk, and abstract names (a NUL, then the
 * name). A socket file outlives its listener, and the kernel.
 */
import { defaultDisk, Disk } from "../disk/Disk.ts"
import { Access, permits, type SocketInode } from "../disk/Inode.ts"
import { find } from "../disk/Lookup.ts"
import * as Names from "../disk/Names.ts"
import { openFile } from "../disk/OpenFile.ts"
import { utf8Bytes } from "../disk/Utf8Length.ts"
import type { Prng } from "../Prng.ts"
import type { Errno } from "./Errno.ts"
import type { Listener } from "./Listener.ts"

/** `sun_path` holds 108 bytes, one of them a NUL. */
export const pathBytesMax = 107

// 0o777 less the usual umask.
const staleMode = 0o755

export class UnixNames {
  private readonly abstractNames = new Map<string, Listener>()
  private readonly listeners = new Map<SocketInode, Listener>()
  private readonly timeline: { readonly now: number }
  private readonly draws: Prng
  private mounted: Disk | undefined = undefined

  /** Until a disk is mounted, the kernel makes itself one. */
  constructor(timeline: { readonly now: number }, draws: Prng) {
    this.timeline = timeline
    this.draws = draws
  }

  mount(disk: Disk): void {
    this.mounted = disk
  }

  private get disk(): Disk {
    return (this.mounted ??= new Disk(defaultDisk, () => this.timeline.now, this.draws))
  }

  /** Gives `listener` the name, with those permission bits. */
  bind(path: string, listener: Listener, mode: number): Errno | undefined {
    if (utf8Bytes(path) > pathBytesMax) return "nameTooLong"
    if (path === "" || path === "\0") return "invalidArgument"
    if (path.startsWith("\0")) {
      if (this.abstractNames.has(path)) return "addressInUse"
      this.abstractNames.set(path, listener)
      return undefined
    }
    const inode = Names.createSocket(this.disk, path, mode)
    if (inode === "alreadyExists") return "addressInUse"
    if (typeof inode === "string") return inode
    this.listeners.set(inode, listener)
    return undefined
  }

  /** Who listens there. A file that is no socket refuses, as a socket without a listener does. */
  find(path: string): Listener | Errno {
    if (utf8Bytes(path) > pathBytesMax) return "nameTooLong"
    if (path.startsWith("\0")) return this.abstractNames.get(path) ?? "connectionRefused"
    const { disk } = this
    const inode = find(disk, path)
    if (typeof inode === "string") return inode
    if (inode.kind !== "socket") return "connectionRefused"
    if (!permits(inode, disk.process, Access.write)) return "permissionDenied"
    return this.listeners.get(inode) ?? "connectionRefused"
  }

  /** Removes the name if it is still that listener's. */
  release(path: string, listener: Listener): void {
    if (this.abstractNames.get(path) === listener) this.abstractNames.delete(path)
    for (const [inode, other] of this.listeners) {
      if (other !== listener) continue
      this.listeners.delete(inode)
      if (find(this.disk, path, false) === inode) Names.unlink(this.disk, path)
    }
  }

  /** Removes a socket file that nobody listens on. None there is success. */
  unlink(path: string): Errno | undefined {
    const inode = find(this.disk, path, false)
    if (inode === "notFound") return undefined
    if (typeof inode === "string") return inode
    if (inode.kind !== "socket") return "notASocket"
    return this.listeners.has(inode) ? "addressInUse" : Names.unlink(this.disk, path)
  }

  /** Whether a plain file, a socket or a name is there. */
  exists(path: string): boolean {
    if (path.startsWith("\0")) return this.abstractNames.has(path)
    return typeof find(this.disk, path, false) !== "string"
  }

  /** Removes the file or socket that is there, even if somebody listens on it. */
  remove(path: string): void {
    Names.unlink(this.disk, path)
  }

  /** A folder there, and those above it. */
  createFolder(path: string): void {
    for (let slash = path.indexOf("/", 1); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      Names.createDirectory(this.disk, path.slice(0, slash), 0o777)
    }
    Names.createDirectory(this.disk, path, 0o777)
  }

  /** A plain file there, instead of whatever there was. */
  createFile(path: string): void {
    this.vacate(path)
    const file = openFile(this.disk, {
      path,
      access: "write",
      append: false,
      create: "exclusive",
      truncate: false,
      noFollow: false,
      mode: 0o666
    })
    if (typeof file !== "string") file.close()
  }

  /** A socket file there that its listener left behind, as a killed process does. */
  createStaleSocket(path: string): void {
    this.vacate(path)
    Names.createSocket(this.disk, path, staleMode)
  }

  // What arranges a world need not care whether there is a folder.
  private vacate(path: string): void {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")))
    if (folder !== "") this.createFolder(folder)
    this.remove(path)
  }

  /** The permission bits of a socket file. */
  mode(path: string): number | undefined {
    const inode = find(this.disk, path, false)
    return typeof inode !== "string" && inode.kind === "socket" ? inode.mode : undefined
  }
}
