/** An open directory as a handle: read once, from its start. */
import type * as Effect from "effect/Effect"
import type { IoError } from "../../IoError.ts"
import type { PortDirectory, PortDirectoryEntry } from "../../port/FilePort.ts"
import type { Site } from "../../Site.ts"
import { DescriptorHandle } from "./DescriptorHandle.ts"
import type { FileHost } from "./FileHost.ts"

/** Entries that are read, and held, at once. */
export const batchEntries = 256

export class DirectoryHandle extends DescriptorHandle {
  readonly kind = "Directory"
  readonly port: PortDirectory

  constructor(host: FileHost, port: PortDirectory, path: string, opened: Site) {
    super(host, path, opened)
    this.port = port
  }

  /** The next entries; none at the end. */
  batch(operation: string): Effect.Effect<ReadonlyArray<PortDirectoryEntry>, IoError> {
    return this.call(operation, (done) => this.port.read(batchEntries, done))
  }
}
