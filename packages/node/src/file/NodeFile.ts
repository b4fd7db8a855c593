/** An open file: a raw descriptor. */
import * as Fs from "node:fs"
import type { FileDone, PortFile, PortFileStat, TurnPort } from "@portico/core/port/index"
import { acknowledge, answer, ask, type Callback, refuse } from "./NodeAnswer.ts"
import { statOf } from "./NodeStat.ts"

type Buffers = ReadonlyArray<Uint8Array>

const count = (bytes: number): number => bytes

/** Node takes times as seconds in a double, which is exact to some hundred nanoseconds only. */
const secondsOf = (nanos: bigint): number => Number(nanos) / 1e9

export class NodeFile implements PortFile {
  private readonly turn: TurnPort
  protected readonly descriptor: number

  constructor(turn: TurnPort, descriptor: number) {
    this.turn = turn
    this.descriptor = descriptor
  }

  read(buffers: Buffers, position: number | undefined, done: FileDone<number>): void {
    const { descriptor, turn } = this
    const where = position ?? null
    const told = answer(turn, done, count)
    try {
      if (buffers.length > 1) return Fs.readv(descriptor, buffers, where, told)
      const buffer = buffers[0]!
      Fs.read(descriptor, buffer, 0, buffer.length, where, told)
    } catch (error) {
      refuse(told, error)
    }
  }

  write(buffers: Buffers, position: number | undefined, done: FileDone<number>): void {
    const { descriptor, turn } = this
    const told = answer(turn, done, count)
    try {
      if (buffers.length > 1) return this.writeAll(buffers, position, told)
      const buffer = buffers[0]!
      Fs.write(descriptor, buffer, 0, buffer.length, position ?? null, told)
    } catch (error) {
      refuse(told, error)
    }
  }

  private writeAll(
    buffers: Buffers,
    position: number | undefined,
    told: (error: NodeJS.ErrnoException | null, bytes: number) => void
  ): void {
    // No position is the cursor; `null` is not taken here.
    if (position === undefined) Fs.writev(this.descriptor, buffers, told)
    else Fs.writev(this.descriptor, buffers, position, told)
  }

  private plain(done: FileDone<void>, call: (told: Callback<void>) => void): void {
    ask(acknowledge(this.turn, done), call)
  }

  sync(dataOnly: boolean, done: FileDone<void>): void {
    const call = dataOnly ? Fs.fdatasync : Fs.fsync
    this.plain(done, (told) => call(this.descriptor, told))
  }

  truncate(bytes: number, done: FileDone<void>): void {
    this.plain(done, (told) => Fs.ftruncate(this.descriptor, bytes, told))
  }

  stat(done: FileDone<PortFileStat>): void {
    const told = answer(this.turn, done, statOf)
    ask(told, (then) => Fs.fstat(this.descriptor, { bigint: true }, then))
  }

  setTimes(accessedNanos: bigint, modifiedNanos: bigint, done: FileDone<void>): void {
    const accessed = secondsOf(accessedNanos)
    const modified = secondsOf(modifiedNanos)
    this.plain(done, (told) => Fs.futimes(this.descriptor, accessed, modified, told))
  }

  close(done: FileDone<void>): void {
    this.plain(done, (told) => Fs.close(this.descriptor, told))
  }
}
