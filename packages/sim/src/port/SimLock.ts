/** A name that one process of a host has claimed, until it lets go or dies. */
import type { FileDone, PortLock } from "@portico/core/port/index"
import type { Host, OpenDescriptor } from "../kernel/Host.ts"
import type { SimFiles } from "./SimFiles.ts"

/** How many may share a lock. */
const sharersMax = 16

/** The names that a lock needs, as on Node: any free one to share it, else all; or undefined. */
export const freeNames = (
  { locks }: Host,
  name: string,
  isShared: boolean
): ReadonlyArray<string> | undefined => {
  const names = Array.from({ length: sharersMax }, (_, seat) => `${name}-${seat}`)
  const free = names.filter((one) => !locks.has(one))
  if (isShared) return free.length === 0 ? undefined : free.slice(0, 1)
  return free.length < sharersMax ? undefined : names
}

export class SimLock implements PortLock {
  private readonly files: SimFiles
  private readonly host: Host
  private readonly descriptor: OpenDescriptor

  /** The names must be free. It takes a descriptor (on Node, one for each name). */
  constructor(files: SimFiles, host: Host, names: ReadonlyArray<string>) {
    this.files = files
    this.host = host
    this.descriptor = { release: () => names.forEach((name) => host.locks.delete(name)) }
    for (const name of names) host.locks.add(name)
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
