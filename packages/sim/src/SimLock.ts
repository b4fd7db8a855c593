/** A name that one process of a host has claimed, until it lets go or dies. */
import type { FileDone, PortLock } from "@portico/core/port/index"
import type { Host, OpenDescriptor } from "./kernel/Host.ts"
import type { SimFiles } from "./SimFiles.ts"

export class SimLock implements PortLock {
  private readonly files: SimFiles
  private readonly host: Host
  private readonly descriptor: OpenDescriptor

  /** The name must be free. It takes a descriptor, as on Node. */
  constructor(files: SimFiles, host: Host, name: string) {
    this.files = files
    this.host = host
    this.descriptor = { release: () => void host.locks.delete(name) }
    host.locks.add(name)
    host.openedFile(this.descriptor)
  }

  release(done: FileDone<void>): void {
    // Also when the disk has lost power meanwhile.
    const free = () => {
      this.host.closedFile(this.descriptor)
      this.descriptor.release()
      done(undefined)
    }
    this.files.submit("flock", "metadata", 0, () => undefined, free)
  }
}
