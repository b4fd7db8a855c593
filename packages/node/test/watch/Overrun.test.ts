/** The kernel's queue of events runs over, which neither host says. */
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { Watch } from "@portico/core"
import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { expect, it } from "vitest"

const limitFile = "/proc/sys/fs/inotify/max_queued_events"
const isLinux = fs.existsSync(limitFile)

const folder = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "overrun-"))),
  (made) => Effect.sync(() => fs.rmSync(made, { recursive: true }))
)

/** As many changes as the queue holds, and more, before the loop can take one; then another. */
const flood = (root: string): void => {
  const count = Number(fs.readFileSync(limitFile, "utf8")) / 2 + 500
  // A file that comes and goes is two events, and costs the watcher nothing in the end.
  for (let index = 0; index < count; index++) {
    const file = path.join(root, "flooded", String(index))
    fs.closeSync(fs.openSync(file, "w"))
    fs.unlinkSync(file)
  }
  fs.writeFileSync(path.join(root, "quiet", "last"), "")
}

// Skipped elsewhere: the queue that overflows is that of inotify(7).
it.skipIf(!isLinux)(
  "a change whose event the kernel dropped is told all the same",
  async () => {
    const program = Effect.gen(function* () {
      const root = yield* folder
      fs.mkdirSync(path.join(root, "flooded"))
      fs.mkdirSync(path.join(root, "quiet"))
      const watcher = yield* Watch.watch(root, { recursive: true })
      flood(root)
      const last = path.join(root, "quiet", "last")
      for (;;) {
        const event = yield* watcher.take
        if (event._tag === "Created" && event.path === last) return
      }
    }).pipe(Effect.scoped, Effect.provide([NodeBackend.layer, Logger.layer([])]))
    await expect(Effect.runPromise(program)).resolves.toBe(undefined)
    // Thousands of files are made.
  },
  90_000
)
