/** What runs in the threads of the lane, on both hosts: Bun has Node's `fs` and `crypto`. */
import { createHash } from "node:crypto"
import { closeSync, openSync, readSync } from "node:fs"
import * as CancelFlag from "@portico/core/CancelFlag"

export type Hashed = { readonly hex: string } | { readonly problem: string }

/** A hash is told of its cancellation between two reads, so within a millisecond or so. */
const bytesPerRead = 256 * 1024

/** The file's SHA-256 (FIPS 180-4). Adds what it has read to the cell as it goes. */
export const sha256 = (path: string, bytesRead: SharedArrayBuffer): Hashed => {
  const counter = new BigInt64Array(bytesRead)
  const buffer = Buffer.allocUnsafeSlow(bytesPerRead)
  const hash = createHash("sha256")
  try {
    const descriptor = openSync(path, "r")
    try {
      while (!CancelFlag.isCancelled()) {
        const count = readSync(descriptor, buffer)
        if (count === 0) return { hex: hash.digest("hex") }
        hash.update(buffer.subarray(0, count))
        Atomics.add(counter, 0, BigInt(count))
      }
      return { problem: "cancelled" }
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
