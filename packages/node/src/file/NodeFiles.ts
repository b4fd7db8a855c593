/** The `FilePort` over `node:fs`: its callbacks and raw descriptors. */
import * as Fs from "node:fs"
import * as Os from "node:os"
import type {
  FileDone,
  FileOpenRequest,
  FilePort,
  PortDirectoryEntry,
  PortFile,
  TurnPort
} from "@portico/core/port/index"
import { acknowledge, answer, ask, type Callback } from "./NodeAnswer.ts"
import { NodeDirectory } from "./NodeDirectory.ts"
import { listAll, listShort } from "./listDirectory.ts"
import { lock } from "./NodeLock.ts"
import { statOf } from "./NodeStat.ts"
import { readWhole } from "./readWhole.ts"

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
  /** `fs.opendir` gives a directory's entries in parts; else it reads all of them in any case. */
  readonly opensDirectories: boolean
  readonly OpenFile: new (turn: TurnPort, descriptor: number) => PortFile
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

type Call<A> = (told: Callback<A>) => void

const same = <A>(value: A): A => value

type Entries = ReadonlyArray<PortDirectoryEntry> | undefined

/** Entries that `fs.Dir` reads at once. */
const readAhead = 256

export const make = (options: NodeFilesOptions): FilePort => {
  const { OpenFile, opensDirectories, threads, turn } = options
  const plain = (done: FileDone<void>, call: Call<void>) => ask(acknowledge(turn, done), call)
  const list = opensDirectories ? listShort : listAll
  const text = (done: FileDone<string>, call: Call<string>) =>
    ask(answer(turn, done, same<string>), call)
  return {
    operationsMax: threads * operationsPerThread,
    longOperationsMax: Math.max(1, threads - 1),
    temporaryDirectory: Os.tmpdir(),
    open: (request, done) => {
      const opened = answer(turn, done, (descriptor: number) => new OpenFile(turn, descriptor))
      ask(opened, (told) => Fs.open(request.path, flagsOf(request), request.mode, told))
    },
    readWhole: (path, bytesMax, done) => {
      ask(answer(turn, done, same<Uint8Array | undefined>), (told) =>
        readWhole(path, bytesMax, told)
      )
    },
    openDirectory: (path, done) => {
      const opened = answer(turn, done, (directory: Fs.Dir) => new NodeDirectory(turn, directory))
      ask(opened, (told) => Fs.opendir(path, { bufferSize: readAhead }, told))
    },
    list: (path, done) => ask(answer(turn, done, same<Entries>), (told) => list(path, told)),
    stat: (path, followsLinks, done) => {
      const look = followsLinks ? Fs.stat : Fs.lstat
      ask(answer(turn, done, statOf), (told) => look(path, { bigint: true }, told))
    },
    rename: (from, to, done) => plain(done, (told) => Fs.rename(from, to, told)),
    link: (existing, path, done) => plain(done, (told) => Fs.link(existing, path, told)),
    symlink: (target, path, done) => plain(done, (told) => Fs.symlink(target, path, told)),
    readLink: (path, done) => text(done, (told) => Fs.readlink(path, told)),
    realPath: (path, done) => text(done, (told) => Fs.realpath.native(path, told)),
    unlink: (path, done) => plain(done, (told) => Fs.unlink(path, told)),
    createDirectory: (path, mode, done) => plain(done, (told) => Fs.mkdir(path, { mode }, told)),
    removeDirectory: (path, done) => plain(done, (told) => Fs.rmdir(path, told)),
    setMode: (path, mode, done) => plain(done, (told) => Fs.chmod(path, mode, told)),
    lock: (name, isShared, done) => lock(turn, name, isShared, done),
    copy: (from, to, isExclusive, done) => {
      const { COPYFILE_EXCL, COPYFILE_FICLONE } = Fs.constants
      const mode = isExclusive ? COPYFILE_EXCL | COPYFILE_FICLONE : COPYFILE_FICLONE
      plain(done, (told) => Fs.copyFile(from, to, mode, told))
    }
  }
}
