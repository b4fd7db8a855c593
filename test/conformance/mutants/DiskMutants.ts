/** Files that say they are durable, written or whole, and are not. */
import { type FilePort, type PortFile, PortFailure } from "@portico/core/port"
import { type Mutant, overriding } from "./Mutant.ts"

const portMutant = (
  name: string,
  caughtBy: string,
  changes: (files: FilePort) => Partial<FilePort>
): Mutant => ({
  name,
  caughtBy,
  change: (ports) => ({ ...ports, files: overriding(ports.files!, changes(ports.files!)) })
})

/** One whose open files differ. */
const fileMutant = (
  name: string,
  caughtBy: string,
  changes: (file: PortFile) => Partial<PortFile>
): Mutant =>
  portMutant(name, caughtBy, (files) => ({
    open: (request, done) =>
      files.open(request, (result) =>
        done(result instanceof PortFailure ? result : overriding(result, changes(result)))
      )
  }))

const lengthOf = (buffers: ReadonlyArray<Uint8Array>) =>
  buffers.reduce((sum, { length }) => sum + length, 0)

export const diskMutants: ReadonlyArray<Mutant> = [
  fileMutant("says that it synced and did not", "FS-11", (file) => ({
    sync: (_, done) => file.stat(() => done(undefined))
  })),
  fileMutant("loses a rename although its directory was synced", "FS-61", (file) => ({
    sync: (dataOnly, done) =>
      file.stat((stat) => {
        const isDirectory = !(stat instanceof PortFailure) && stat.kind === "directory"
        if (isDirectory) done(undefined)
        else file.sync(dataOnly, done)
      })
  })),
  portMutant("renames in two steps", "FS-60", (files) => ({
    rename: (from, to, done) => files.unlink(to, () => files.rename(from, to, done))
  })),
  fileMutant("takes a sync that failed for done", "FS-63", (file) => ({
    sync: (dataOnly, done) => file.sync(dataOnly, () => done(undefined))
  })),
  fileMutant("tries a failed sync again in silence", "FS-63", (file) => ({
    sync: (dataOnly, done) =>
      file.sync(dataOnly, (result) =>
        result instanceof PortFailure ? file.sync(dataOnly, done) : done(result)
      )
  })),
  fileMutant("hides that a write failed", "FS-64", (file) => ({
    write: (buffers, position, done) =>
      file.write(buffers, position, (result) =>
        done(result instanceof PortFailure ? lengthOf(buffers) : result)
      )
  })),
  fileMutant("says that it wrote all when the disk took a part", "FS-65", (file) => ({
    write: (buffers, position, done) =>
      file.write(buffers, position, (result) =>
        done(result instanceof PortFailure ? result : lengthOf(buffers))
      )
  }))
]
