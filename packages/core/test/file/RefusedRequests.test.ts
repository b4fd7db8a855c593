/** A file that is closed refuses what waits, and those who are told may interrupt each other. */
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import type { File } from "../../src/File.ts"
import { FileHandle } from "../../src/internal/file/FileHandle.ts"
import { FileHost } from "../../src/internal/file/FileHost.ts"
import type { FileDone, FilePort, PortFile } from "../../src/port/FilePort.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"

/** Reads and closes when it is told to. */
class ScriptedFile {
  closes = 0
  readonly reads: Array<FileDone<number>> = []

  read(_: ReadonlyArray<Uint8Array>, __: number | undefined, done: FileDone<number>): void {
    this.reads.push(done)
  }

  close(done: FileDone<void>): void {
    this.closes++
    done()
  }
}

const opened = () => {
  const { ports, table } = new ScriptedPorts()
  const host = new FileHost(table, { operationsMax: 1 } as FilePort)
  const open = (port: ScriptedFile) =>
    new FileHandle(
      host,
      port as unknown as PortFile,
      { access: "read", append: false, path: "/f" } as never,
      { text: undefined } as never
    )
  const run = <A, E>(effect: Effect.Effect<A, E>) =>
    Effect.runFork(effect, { scheduler: ports.scheduler })
  return { open, run }
}

const reads: { readonly [name: string]: (file: File, index: number) => ReturnType<File["read"]> } =
  {
    "at positions": (file, index) => file.readAt(index, 1),
    "at the cursor": (file) => file.read(1)
  }

it.each(Object.entries(reads))("interrupted by a refusal, one %s leaves once", (_, read) => {
  const { open, run } = opened()
  const [busy, port] = [new ScriptedFile(), new ScriptedFile()]
  run(read(open(busy), 0))
  expect(busy.reads).toHaveLength(1)
  const file = open(port)
  const told: Array<string> = []
  const reading = (index: number) =>
    Effect.onExit(read(file, index), ({ _tag }) => Effect.sync(() => void told.push(_tag)))
  const all = Effect.all([0, 1, 2].map(reading), { concurrency: "unbounded" })
  run(Effect.ignore(all))
  expect(file.waits).toHaveLength(3)
  run(file.close)
  expect(told).toEqual(["Failure", "Failure", "Failure"])
  expect(file.waits).toHaveLength(0)
  busy.reads[0]!(1)
  // Twice would close whatever has the descriptor by then.
  expect(port).toMatchObject({ closes: 1, reads: [] })
})
