/**
 * A small plain file at once: two calls of the host, and one answer. `fs.readFile` opens, reads and
 * closes in one visit to the host's threads (Bun; Node since 26), but takes whatever length a file
 * has and waits for pipes; so the file is looked at before. Of one that grows between the two calls
 * more is read than was asked for, up to the host's 2 GiB, and thrown away.
 */
import * as Fs from "node:fs"
import { tooLarge } from "../NodeErrno.ts"
import type { Callback } from "./NodeAnswer.ts"

// Should it be a pipe by now, opening it must not hold a thread.
const flag = Fs.constants.O_RDONLY | (Fs.constants.O_NONBLOCK ?? 0)

/** All of a plain file; undefined for another, an empty one, or one that changes meanwhile. */
export const readWhole = (
  path: string,
  bytesMax: number,
  told: Callback<Uint8Array | undefined>
): void =>
  Fs.stat(path, (error, stats) => {
    if (error !== null) return told(error, undefined)
    const { size } = stats
    if (!stats.isFile() || size === 0) return told(null, undefined)
    if (size > bytesMax) return told(tooLarge(), undefined)
    Fs.readFile(path, { flag }, (broken, bytes) => {
      if (broken !== null) told(broken, undefined)
      else told(null, bytes.length === size ? bytes : undefined)
    })
  })
