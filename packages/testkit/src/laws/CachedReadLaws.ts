/**
 * Laws of reads that ask no thread of the host, since memory has the bytes. Here memory is the
 * law's own and differs from the file by its case, so that each byte tells where it comes from.
 */
import { type File, Files, type IoError } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import { ascii } from "../Bytes.ts"
import { equals, failsWith, isTrue, sameBytes } from "../Expectation.ts"
import { fileLaw } from "../FileLaw.ts"
import { FileValve } from "../FileValve.ts"
import { withPorts } from "../FaultyPorts.ts"
import { lawGroup } from "../Law.ts"
import type { LawFailure } from "../LawFailure.ts"

const inFile = "ABCDEFGH"
const inMemory = ascii("abcdef")

/** Of memory's `bytes`, those from `position` on; undefined (of which the host knows) past them. */
const reader = (bytes: Uint8Array, isEnd: boolean): NonNullable<FileValve["readCached"]> => {
  let cursor = 0
  return (buffer, position) => {
    const from = position ?? cursor
    const part = bytes.subarray(from, from + buffer.length)
    if (part.length === 0) return isEnd ? 0 : undefined
    buffer.set(part)
    if (position === undefined) cursor += part.length
    return part.length
  }
}

interface Look {
  readonly path: string
  readonly file: File.File
  readonly valve: FileValve
  /** How often the host was asked to read. */
  readonly reads: () => number
}

/** A law over a file that is open to be read; its memory ends where the file does, or not. */
const cachedLaw = (
  id: string,
  sentence: string,
  isEnd: boolean,
  body: (
    look: Look
  ) => Effect.fn.Return<void, LawFailure | IoError.IoError, Files.Files | Scope.Scope>
) =>
  fileLaw(id, sentence, function* (directory) {
    const path = `${directory}/a`
    const valve = new FileValve()
    valve.readCached = reader(inMemory, isEnd)
    const reads = () => valve.asked.filter((name) => name === "read").length
    yield* Files.writeFile(path, ascii(inFile))
    const open = Effect.flatMap(Files.open(path), (file) =>
      Effect.ensuring(
        Effect.gen(() => body({ path, file, valve, reads })),
        Effect.sync(() => valve.open())
      )
    )
    yield* withPorts(valve.change, Effect.scoped(open))
  })

const forked = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.forkChild(effect, { startImmediately: true })

export const CachedReadLaws = lawGroup("Reads of what memory has", [
  cachedLaw(
    "FS-70",
    "what memory has is read without a request",
    true,
    function* ({ file, reads }) {
      yield* sameBytes(yield* file.readAt(1, 2), ascii("bc"), "at a position")
      const buffer = new Uint8Array(3)
      yield* equals(yield* file.readIntoAt(3, buffer), 3, "into a buffer")
      yield* sameBytes(buffer, ascii("def"), "into a buffer")
      yield* sameBytes(yield* file.read(4), ascii("abcd"), "at the cursor")
      yield* sameBytes(yield* file.read(4), ascii("ef"), "at the cursor again")
      yield* equals((yield* file.read(4)).length, 0, "at the end")
      yield* equals((yield* file.readAt(6, 4)).length, 0, "at the end, by position")
      yield* equals(reads(), 0, "requests")
      yield* equals(file.counters.bytesRead, 11, "bytes counted")
    }
  ),

  cachedLaw(
    "FS-71",
    "what memory lacks, wholly or in part, is the host's to read",
    false,
    function* ({ file, reads }) {
      yield* sameBytes(yield* file.readAt(6, 2), ascii("GH"), "none in memory")
      yield* sameBytes(yield* file.readAt(4, 4), ascii("EFGH"), "half in memory")
      const buffer = new Uint8Array(4)
      yield* equals(yield* file.readIntoAt(4, buffer), 4, "into a buffer")
      yield* sameBytes(buffer, ascii("EFGH"), "into a buffer")
      const two = [new Uint8Array(2), new Uint8Array(2)] as const
      yield* equals(yield* file.readIntoAt(0, ...two), 4, "into two buffers")
      yield* sameBytes(two[0], ascii("AB"), "the first of two buffers")
      yield* sameBytes(yield* file.readAt(0, 262_145), ascii(inFile), "more than a little")
      yield* equals(reads(), 5, "requests")
      yield* equals(file.counters.bytesRead, 22, "bytes counted")
    }
  ),

  cachedLaw(
    "FS-72",
    "nobody reads from memory while another has the cursor",
    false,
    function* ({ file, valve }) {
      valve.isShut = true
      // As much as goes to the host in any case.
      const first = yield* forked(file.read(262_145))
      const second = yield* forked(file.read(2))
      yield* isTrue(second.pollUnsafe() === undefined, "The second should wait for the cursor")
      yield* sameBytes(yield* file.readAt(2, 2), ascii("cd"), "at a position")
      valve.open()
      yield* sameBytes(yield* Fiber.join(first), ascii(inFile), "the first")
      yield* equals((yield* Fiber.join(second)).length, 0, "bytes of the second")
    }
  ),

  cachedLaw(
    "FS-73",
    "memory is read for those only who may read the file",
    false,
    function* ({ file, path }) {
      const other = yield* Files.open(path, { access: "write" })
      yield* failsWith("PermissionDenied", other.readAt(0, 2))
      yield* file.close
      yield* failsWith("Closed", file.readAt(0, 2))
      yield* failsWith("Closed", file.read(2))
    }
  ),

  cachedLaw(
    "FS-74",
    "whoever reads from memory for ever lets timers and others go on",
    true,
    function* ({ file, reads }) {
      let left = 1_000_000
      const reading = yield* Effect.forkChild(
        Effect.whileLoop({
          // Never yields by itself; bounded, so that a loop that tells none to does not hang.
          while: () => left-- > 0,
          body: () => file.readAt(0, 6),
          step: () => {}
        })
      )
      const other = yield* Effect.forkChild(Effect.as(Effect.sleep("10 micros"), "other"))
      yield* Effect.sleep("10 micros")
      yield* equals(yield* Fiber.join(other), "other", "another fiber's result")
      yield* isTrue(reading.pollUnsafe() === undefined, "It should still read")
      yield* Fiber.interrupt(reading)
      yield* equals(reads(), 0, "requests")
    }
  )
])
