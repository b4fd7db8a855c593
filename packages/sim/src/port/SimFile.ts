/** An open file as a port: requests that end when the disk has done them. */
import type { FileDone, PortFile, PortFileStat } from "@portico/core/port/index"
import type { OpenFile } from "../disk/OpenFile.ts"
import { stat } from "../disk/stat.ts"
import type { Host, OpenDescriptor } from "../kernel/Host.ts"
import { epochNanos } from "../effect/SimClock.ts"
import type { SimFiles } from "./SimFiles.ts"

export class SimFile implements PortFile, OpenDescriptor {
  private readonly files: SimFiles
  private readonly host: Host
  private readonly file: OpenFile

  constructor(files: SimFiles, host: Host, file: OpenFile) {
    this.files = files
    this.host = host
    this.file = file
    host.openedFile(this)
  }

  read(
    buffers: ReadonlyArray<Uint8Array>,
    position: number | undefined,
    done: FileDone<number>
  ): void {
    const { file } = this
    this.files.submit("read", "read", length(buffers), () => file.read(buffers, position), done)
  }

  write(
    buffers: ReadonlyArray<Uint8Array>,
    position: number | undefined,
    done: FileDone<number>
  ): void {
    const { file } = this
    this.files.submit("write", "write", length(buffers), () => file.write(buffers, position), done)
  }

  sync(dataOnly: boolean, done: FileDone<void>): void {
    const { file, files } = this
    const bytes = files.disk.log.dirtyBytes(file.inode)
    files.submit("fsync", "sync", bytes, () => file.sync(dataOnly), done)
  }

  truncate(bytes: number, done: FileDone<void>): void {
    this.files.submit("ftruncate", "metadata", 0, () => this.file.truncate(bytes), done)
  }

  allocate(position: number, bytes: number, done: FileDone<void>): void {
    const perform = () => this.file.allocate(position, bytes)
    this.files.submit("fallocate", "metadata", 0, perform, done)
  }

  stat(done: FileDone<PortFileStat>): void {
    const { file } = this
    const perform = () => (file.isStale ? "deviceError" : stat(file.inode, epochNanos))
    this.files.submit("fstat", "metadata", 0, perform, done)
  }

  setTimes(accessedNanos: bigint, modifiedNanos: bigint, done: FileDone<void>): void {
    const perform = () => this.file.setTimes(accessedNanos, modifiedNanos)
    this.files.submit("futimens", "metadata", 0, perform, done)
  }

  close(done: FileDone<void>): void {
    // Also when the disk has lost power meanwhile.
    const free = () => {
      this.host.closedFile(this)
      this.release()
      done(undefined)
    }
    this.files.submit("close", "metadata", 0, () => undefined, free)
  }

  release(): void {
    this.file.close()
  }
}

const length = (buffers: ReadonlyArray<Uint8Array>): number =>
  buffers.reduce((sum, buffer) => sum + buffer.length, 0)
