/**
 * Whether the kernel's queue of inotify events ran over: neither Node nor Bun says so.
 *
 * All that the queue held is told in one turn, so a turn with half of that (some events may be for
 * watches that are closed by now) may have had more that was lost.
 */
import * as fs from "node:fs"

const limitFile = "/proc/sys/fs/inotify/max_queued_events"
/** Linux's default. */
const limitByDefault = 16_384

const readLimit = (): number => {
  try {
    return Number.parseInt(fs.readFileSync(limitFile, "utf8"), 10) || limitByDefault
  } catch {
    return limitByDefault
  }
}

export class HintCount {
  private count = 0
  private limit = 0
  private readonly onOverrun: () => void

  constructor(onOverrun: () => void) {
    this.onOverrun = onOverrun
  }

  add(): void {
    if (this.count++ === 0) this.begin()
  }

  private begin(): void {
    if (this.limit === 0) this.limit = Math.ceil(readLimit() / 2)
    setImmediate(() => {
      const isOverrun = this.count >= this.limit
      this.count = 0
      if (isOverrun) this.onOverrun()
    })
  }
}
