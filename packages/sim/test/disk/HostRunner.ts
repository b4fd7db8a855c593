/** Runs a program of file operations on the real host; each step's outcome as text. */
import * as fs from "node:fs"
import type { Outcome } from "./DiskRunner.ts"
import { statText } from "./DiskRunner.ts"
import type { OpenFlags, PathVerb, Step } from "./FileProgram.ts"
import { bytesOf, textOf } from "./TestDisk.ts"

const { constants } = fs
const accesses = {
  read: constants.O_RDONLY,
  write: constants.O_WRONLY,
  readWrite: constants.O_RDWR
}
const creates = {
  never: 0,
  ifMissing: constants.O_CREAT,
  exclusive: constants.O_CREAT | constants.O_EXCL
}

const flagsOf = ({ access, append, create, noFollow, truncate }: OpenFlags): number =>
  accesses[access] |
  creates[create] |
  (append ? constants.O_APPEND : 0) |
  (truncate ? constants.O_TRUNC : 0) |
  (noFollow ? constants.O_NOFOLLOW : 0)

const kindOf = (stats: fs.BigIntStats): string =>
  stats.isDirectory() ? "directory" : stats.isSymbolicLink() ? "symlink" : "file"

const textOfStats = (stats: fs.BigIntStats): string =>
  statText(kindOf(stats), Number(stats.mode & 0o7777n), stats.size, Number(stats.nlink))

export class HostRunner {
  /** What stands for the simulated disk's `/tmp`. */
  private readonly root: string
  private readonly base: string
  private readonly slots: Array<number | undefined> = []

  constructor(root: string, base: string) {
    this.root = root
    this.base = `${root}/${base}`
  }

  /** Bun refuses to copy directories by another code than the system's calls do. */
  hasOneAnswer(step: Step): boolean {
    if (step.do !== "copy") return true
    const { isRefused, text } = this.run({ do: "stat", path: step.from })
    return isRefused || text !== "directory"
  }

  run(step: Step): Outcome {
    try {
      return { isRefused: false, text: this.perform(step) ?? "" }
    } catch (error) {
      return { isRefused: true, text: String((error as { readonly code?: unknown }).code) }
    }
  }

  closeAll(): void {
    for (const descriptor of this.slots) if (descriptor !== undefined) fs.closeSync(descriptor)
  }

  private perform(step: Step): string | void {
    const at = (path: string) => `${this.base}/${path}`
    if ("slot" in step) return this.onSlot(step)
    switch (step.do) {
      case "open":
        return this.open(step)
      case "rename":
        return fs.renameSync(at(step.from), at(step.to))
      case "link":
        return fs.linkSync(at(step.from), at(step.to))
      case "symlink":
        return fs.symlinkSync(step.from, at(step.to))
      case "copy":
        return fs.copyFileSync(
          at(step.from),
          at(step.to),
          step.isExclusive ? constants.COPYFILE_EXCL : 0
        )
      case "setMode":
        return fs.chmodSync(at(step.path), step.mode)
      default:
        return this.onPath(step.do, at(step.path))
    }
  }

  private open({ flags, path }: Extract<Step, { do: "open" }>): void {
    const slot = this.slots.indexOf(undefined)
    if (slot < 0 && this.slots.length >= 4) return
    const descriptor = fs.openSync(`${this.base}/${path}`, flagsOf(flags), 0o600)
    this.slots[slot < 0 ? this.slots.length : slot] = descriptor
  }

  private onSlot(step: Extract<Step, { slot: number }>): string | void {
    const descriptor = this.slots[step.slot]
    if (descriptor === undefined) return
    switch (step.do) {
      case "read": {
        const buffer = new Uint8Array(step.bytes)
        const count = fs.readSync(descriptor, buffer, 0, step.bytes, step.position ?? null)
        return textOf(buffer.subarray(0, count))
      }
      case "write":
        return `${fs.writeSync(descriptor, bytesOf(step.text), 0, step.text.length, step.position)}`
      case "truncate":
        return fs.ftruncateSync(descriptor, step.bytes)
      case "sync":
        return fs.fsyncSync(descriptor)
      case "fstat":
        return textOfStats(fs.fstatSync(descriptor, { bigint: true }))
      case "close":
        this.slots[step.slot] = undefined
        return fs.closeSync(descriptor)
    }
  }

  private onPath(verb: PathVerb, path: string): string | void {
    switch (verb) {
      case "stat":
        return textOfStats(fs.statSync(path, { bigint: true }))
      case "linkStat":
        return textOfStats(fs.lstatSync(path, { bigint: true }))
      case "readLink":
        return fs.readlinkSync(path)
      case "realPath":
        return fs.realpathSync.native(path).replace(this.root, "/tmp")
      case "createDirectory":
        fs.mkdirSync(path, 0o700)
        return
      case "unlink":
        return fs.unlinkSync(path)
      case "removeDirectory":
        return fs.rmdirSync(path)
      case "list":
        return fs.readdirSync(path).sort().join()
      case "readAll":
        return textOf(fs.readFileSync(path))
    }
  }
}
