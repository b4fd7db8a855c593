/** A disk without ports or a world: calls in, and what programs and a loss of power find. */
import type { FileOpenRequest } from "@portico/core/port/index"
import { defaultDisk, Disk, type DiskOptions } from "../../src/disk/Disk.ts"
import { find } from "../../src/disk/Lookup.ts"
import * as Names from "../../src/disk/Names.ts"
import { type OpenFile, openFile } from "../../src/disk/OpenFile.ts"
import { Prng } from "../../src/Prng.ts"

export const makeDisk = (options: Partial<DiskOptions> = {}, seed = 1): Disk =>
  new Disk({ ...defaultDisk, ...options }, () => 0, new Prng(seed, 8))

/** Draws that always give the mildest outcome, or always the same one. */
export class FixedDraws extends Prng {
  private readonly outcomes: ReadonlyArray<number>
  private drawn = 0

  /** The outcomes in order, then zeroes. */
  constructor(...outcomes: ReadonlyArray<number>) {
    super(0, 0)
    this.outcomes = outcomes
  }

  override below(count: number): number {
    const outcome = this.outcomes[this.drawn++] ?? 0
    if (outcome >= count) throw new Error(`drawn ${outcome} of ${count}`)
    return outcome
  }
}

export const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(text, (char) => char.charCodeAt(0))

export const textOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")

export const request = (path: string, options: Partial<FileOpenRequest> = {}): FileOpenRequest => ({
  path,
  access: "readWrite",
  append: false,
  create: "ifMissing",
  truncate: false,
  noFollow: false,
  mode: 0o666,
  ...options
})

export const value = <A>(result: A): Exclude<A, string> => {
  if (typeof result === "string") throw new Error(`refused: ${result}`)
  return result as Exclude<A, string>
}

export const open = (disk: Disk, path: string, options?: Partial<FileOpenRequest>): OpenFile =>
  value(openFile(disk, request(path, options)))

/** All that a program reads there; undefined if there is no file. */
export const contentOf = (disk: Disk, path: string): string | undefined => {
  const inode = find(disk, path)
  if (typeof inode === "string" || inode.kind !== "file") return undefined
  const bytes = new Uint8Array(inode.content.bytes)
  inode.content.read(0, bytes)
  return textOf(bytes)
}

/** Writes `text` at `position`, and leaves the rest of the file. */
export const put = (disk: Disk, path: string, text: string, position = 0): void => {
  const file = open(disk, path)
  value(file.write([bytesOf(text)], position))
  file.close()
}

export const append = (disk: Disk, path: string, text: string): void => {
  const file = open(disk, path, { append: true })
  value(file.write([bytesOf(text)], undefined))
  file.close()
}

/** `fsync(2)` of a file or a directory. */
export const sync = (disk: Disk, path: string): void => {
  const file = open(disk, path, { access: "read", create: "never" })
  value(file.sync(false) ?? 0)
  file.close()
}

export const done = (refusal: string | undefined): void => {
  if (refusal !== undefined) throw new Error(`refused: ${refusal}`)
}

export const list = (disk: Disk, path: string): ReadonlyArray<string> => {
  const inode = value(find(disk, path))
  return inode.kind === "directory" ? [...inode.entries.keys()].sort() : []
}

export { Names }
