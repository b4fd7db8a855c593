/** Runs a program of file operations on a simulated disk; each step's outcome as text. */
import { copy } from "../../src/disk/copy.ts"
import type { Disk } from "../../src/disk/Disk.ts"
import { find, realPath } from "../../src/disk/Lookup.ts"
import * as Names from "../../src/disk/Names.ts"
import { type OpenFile, openFile } from "../../src/disk/OpenFile.ts"
import { stat } from "../../src/disk/stat.ts"
import { type Errno, failure } from "../../src/kernel/Errno.ts"
import type { PathVerb, Step } from "./FileProgram.ts"
import { bytesOf, textOf } from "./TestDisk.ts"

export interface Outcome {
  readonly isRefused: boolean
  /** The code of the refusal, or what was found. */
  readonly text: string
}

const refused = (errno: Errno): Outcome => {
  const { cause } = failure(errno, "")
  return { isRefused: true, text: (cause as { readonly code: string }).code }
}

const ok = (text: string): Outcome => ({ isRefused: false, text })

/** Of files, all that file systems agree on. */
export const statText = (kind: string, mode: number, bytes: bigint, links: number): string =>
  kind === "file" ? `${kind} ${mode.toString(8)} ${bytes} ${links}` : kind

export class DiskRunner {
  readonly disk: Disk
  private readonly base: string
  private readonly slots: Array<OpenFile | undefined> = []

  constructor(disk: Disk, base: string) {
    this.disk = disk
    this.base = base
  }

  run(step: Step): Outcome {
    const result = this.perform(step)
    if (result === undefined) return ok("")
    return typeof result === "string" ? refused(result) : ok(result.text)
  }

  private perform(step: Step): { readonly text: string } | Errno | undefined {
    const { base, disk } = this
    const at = (path: string) => `${base}/${path}`
    if ("slot" in step) return this.onSlot(step)
    switch (step.do) {
      case "open":
        return this.open(step)
      case "rename":
        return Names.rename(disk, at(step.from), at(step.to))
      case "link":
        return Names.link(disk, at(step.from), at(step.to))
      case "symlink":
        return Names.symlink(disk, step.from, at(step.to))
      case "copy":
        return copy(disk, at(step.from), at(step.to), step.isExclusive)
      case "setMode":
        return Names.setMode(disk, at(step.path), step.mode)
      default:
        return this.onPath(step.do, at(step.path))
    }
  }

  private open({ flags, path }: Extract<Step, { do: "open" }>) {
    const slot = this.slots.indexOf(undefined)
    if (slot < 0 && this.slots.length >= 4) return undefined
    const file = openFile(this.disk, { ...flags, path: `${this.base}/${path}`, mode: 0o600 })
    if (typeof file === "string") return file
    this.slots[slot < 0 ? this.slots.length : slot] = file
    return undefined
  }

  private onSlot(step: Extract<Step, { slot: number }>) {
    const file = this.slots[step.slot]
    if (file === undefined) return undefined
    switch (step.do) {
      case "read": {
        const buffer = new Uint8Array(step.bytes)
        const count = file.read([buffer], step.position)
        return typeof count === "string" ? count : { text: textOf(buffer.subarray(0, count)) }
      }
      case "write": {
        const count = file.write([bytesOf(step.text)], step.position)
        return typeof count === "string" ? count : { text: `${count}` }
      }
      case "truncate":
        return file.truncate(step.bytes)
      case "sync":
        return file.sync(false)
      case "fstat":
        return this.statOf(file.inode)
      case "close":
        this.slots[step.slot] = undefined
        file.close()
        return undefined
    }
  }

  private statOf(inode: Parameters<typeof stat>[0]): { readonly text: string } {
    const { bytes, kind, links, mode } = stat(inode, 0n)
    return { text: statText(kind, mode, bytes, links) }
  }

  private onPath(verb: PathVerb, path: string) {
    const { disk } = this
    switch (verb) {
      case "stat":
      case "linkStat": {
        const inode = find(disk, path, verb === "stat")
        return typeof inode === "string" ? inode : this.statOf(inode)
      }
      case "readLink":
      case "realPath": {
        const found = verb === "readLink" ? Names.readLink(disk, path) : realPath(disk, path)
        return typeof found === "string" ? found : { text: found.path }
      }
      case "createDirectory":
        return Names.createDirectory(disk, path, 0o700)
      case "unlink":
        return Names.unlink(disk, path)
      case "removeDirectory":
        return Names.removeDirectory(disk, path)
      case "list":
      case "readAll":
        return this.contentOf(verb, path)
    }
  }

  private contentOf(verb: "list" | "readAll", path: string) {
    const inode = find(this.disk, path)
    if (typeof inode === "string") return inode
    if (verb === "list") {
      if (inode.kind !== "directory") return "notADirectory"
      return { text: [...inode.entries.keys()].sort().join() }
    }
    if (inode.kind !== "file") return "isADirectory"
    const bytes = new Uint8Array(inode.content.bytes)
    inode.content.read(0, bytes)
    return { text: textOf(bytes) }
  }
}
