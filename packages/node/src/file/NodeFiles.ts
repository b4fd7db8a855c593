/** The `FilePort` over `node:fs`: its callbacks and raw descriptors. */
import * as Fs from "node:fs"
import * as Os from "node:os"
import type { FileOpenRequest, FilePort, TurnPort } from "@portico/core/port/index"
import { acknowledge, answer } from "./NodeAnswer.ts"
import { NodeDirectory } from "./NodeDirectory.ts"
import { NodeFile } from "./NodeFile.ts"
import { statOf } from "./NodeStat.ts"

/** libuv's threads, `UV_THREADPOOL_SIZE`: 4 by default. */
export const threadsOf = (poolSize: string | undefined): number => {
  const given = Number.parseInt(poolSize ?? "", 10)
  return Number.isNaN(given) ? 4 : Math.min(Math.max(given, 1), 1024)
}

/** See `FilePort.operationsMax`: with 16 in flight, 3 for 4 threads cost twice the CPU of 16. */
const operationsPerThread = 8

export interface NodeFilesOptions {
  readonly turn: TurnPort
  /**
   * All of them but one may be held for long. (Lookups, too, leave files one at least:
   * `lookupsMaxOf`.)
   */
  readonly threads: number
}

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = Fs.constants

const accessFlags = { read: O_RDONLY, write: O_WRONLY, readWrite: O_RDWR } as const
const createFlags = { never: 0, ifMissing: O_CREAT, exclusive: O_CREAT | O_EXCL } as const

const flagsOf = ({ access, append, create, noFollow, truncate }: FileOpenRequest): number =>
  accessFlags[access] |
  createFlags[create] |
  (append ? O_APPEND : 0) |
  (truncate ? O_TRUNC : 0) |
  (noFollow ? O_NOFOLLOW : 0)

const asIs = (text: string): string => text

/** Entries that `fs.Dir` reads at once. */
const readAhead = 256

export const make = ({ threads, turn }: NodeFilesOptions): FilePort => ({
  operationsMax: threads * operationsPerThread,
  longOperationsMax: Math.max(1, threads - 1),
  temporaryDirectory: Os.tmpdir(),
  open: (request, done) => {
    const opened = answer(turn, done, (descriptor: number) => new NodeFile(turn, descriptor))
    Fs.open(request.path, flagsOf(request), request.mode, opened)
  },
  openDirectory: (path, done) => {
    const opened = answer(turn, done, (directory: Fs.Dir) => new NodeDirectory(turn, directory))
    Fs.opendir(path, { bufferSize: readAhead }, opened)
  },
  stat: (path, followsLinks, done) => {
    const told = answer(turn, done, statOf)
    if (followsLinks) Fs.stat(path, { bigint: true }, told)
    else Fs.lstat(path, { bigint: true }, told)
  },
  rename: (from, to, done) => Fs.rename(from, to, acknowledge(turn, done)),
  link: (existing, path, done) => Fs.link(existing, path, acknowledge(turn, done)),
  symlink: (target, path, done) => Fs.symlink(target, path, acknowledge(turn, done)),
  readLink: (path, done) => Fs.readlink(path, answer(turn, done, asIs)),
  realPath: (path, done) => Fs.realpath.native(path, answer(turn, done, asIs)),
  unlink: (path, done) => Fs.unlink(path, acknowledge(turn, done)),
  createDirectory: (path, mode, done) => Fs.mkdir(path, { mode }, acknowledge(turn, done)),
  removeDirectory: (path, done) => Fs.rmdir(path, acknowledge(turn, done)),
  setMode: (path, mode, done) => Fs.chmod(path, mode, acknowledge(turn, done)),
  copy: (from, to, isExclusive, done) => {
    const { COPYFILE_EXCL, COPYFILE_FICLONE } = Fs.constants
    const mode = isExclusive ? COPYFILE_EXCL | COPYFILE_FICLONE : COPYFILE_FICLONE
    Fs.copyFile(from, to, mode, acknowledge(turn, done))
  }
})
