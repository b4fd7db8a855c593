/**
 * A small plain file at once: four calls of the host, and one answer. Between them no fiber has to
 * be woken, and the host's threads are kept awake by the calls of other files.
 */
import * as Fs from "node:fs"
import { tooLarge } from "../NodeErrno.ts"

type Told = (error: unknown, bytes: Uint8Array | undefined) => void

// A pipe that nobody writes to opens at once; of plain files it says nothing.
const flags = Fs.constants.O_RDONLY | (Fs.constants.O_NONBLOCK ?? 0)

/** All of a plain file; undefined for another, an empty one, or one that changes meanwhile. */
export const readWhole = (path: string, bytesMax: number, told: Told): void => {
  Fs.open(path, flags, (refused, descriptor) => {
    if (refused !== null) return told(refused, undefined)
    const end: Told = (error, bytes) => Fs.close(descriptor, () => told(error, bytes))
    Fs.fstat(descriptor, (failed, stats) => {
      if (failed !== null) return end(failed, undefined)
      const { size } = stats
      if (!stats.isFile() || size === 0) return end(null, undefined)
      if (size > bytesMax) return end(tooLarge(), undefined)
      // One byte more than there should be says that it is over.
      const memory = Buffer.allocUnsafeSlow(size + 1)
      Fs.read(descriptor, memory, 0, size + 1, 0, (broken, bytes) => {
        if (broken !== null) return end(broken, undefined)
        end(null, bytes === size ? memory.subarray(0, size) : undefined)
      })
    })
  })
}
