/** An open directory: `fs.Dir`, which reads ahead and gives one entry a call. */
import type { Dir, Dirent } from "node:fs"
import {
  type FileDone,
  type PortDirectory,
  type PortDirectoryEntry,
  type PortFailure,
  raise,
  type TurnPort
} from "@portico/core/port/index"
import { fileFailure } from "../NodeErrno.ts"
import { acknowledge } from "./NodeAnswer.ts"
import { kindOf } from "./NodeStat.ts"

export class NodeDirectory implements PortDirectory {
  private readonly turn: TurnPort
  private readonly directory: Dir
  /** Met after entries that were given first. */
  private failure: PortFailure | undefined = undefined

  constructor(turn: TurnPort, directory: Dir) {
    this.turn = turn
    this.directory = directory
  }

  read(entriesMax: number, done: FileDone<ReadonlyArray<PortDirectoryEntry>>): void {
    const entries: Array<PortDirectoryEntry> = []
    const tell = () => {
      const { failure } = this
      if (entries.length === 0 && failure !== undefined) {
        this.failure = undefined
        raise(this.turn, () => done(failure))
      } else raise(this.turn, () => done(entries))
    }
    if (this.failure !== undefined) return setImmediateTell(tell)
    const next = (error: NodeJS.ErrnoException | null, entry: Dirent | null) => {
      if (error !== null) {
        this.failure = fileFailure(error)
        return tell()
      }
      if (entry === null) return tell()
      entries.push({ name: entry.name, kind: kindOf(entry) })
      if (entries.length === entriesMax) return tell()
      this.directory.read(next)
    }
    this.directory.read(next)
  }

  close(done: FileDone<void>): void {
    this.directory.close(acknowledge(this.turn, done))
  }
}

const setImmediateTell = (tell: () => void): void => void setImmediate(tell)
