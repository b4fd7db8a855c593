/** Laws of what is done by path: names, links, directories, attributes. */
import { Files } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { ascii, concat, randomBytes } from "../Bytes.ts"
import { equals, equalsAll, failsWith, isTrue, rejects, sameBytes } from "../Expectation.ts"
import { bytesMax, fileLaw, make } from "../FileLaw.ts"
import { lawGroup } from "../Law.ts"

const read = (path: string) => Files.readFile(path, { bytesMax })

const sorted = (names: Iterable<string>): ReadonlyArray<string> => Array.from(names).sort()

const namesIn = (path: string) =>
  Effect.map(Stream.runCollect(Files.entries(path)), (entries) =>
    sorted(Array.from(entries, ({ name }) => name))
  )

export const PathLaws = lawGroup("Paths", [
  fileLaw("FS-09", "a rename over a file shows the old one or the new one", function* (directory) {
    const path = `${directory}/a`
    const kinds = [ascii("x".repeat(5_000)), ascii("y".repeat(7_000))]
    yield* Files.writeFile(path, kinds[0]!)
    let isOver = false
    const replacing = Effect.gen(function* () {
      for (let time = 1; time <= 40; time++) {
        yield* Files.writeFile(`${directory}/next`, kinds[time % 2]!)
        yield* Files.rename(`${directory}/next`, path)
      }
      isOver = true
    })
    const reading = Effect.gen(function* () {
      while (!isOver) {
        const seen = yield* read(path)
        const expected = seen[0] === 120 ? kinds[0]! : kinds[1]!
        yield* sameBytes(seen, expected, "what a reader sees")
      }
    })
    yield* Effect.all([replacing, reading], { concurrency: 2 })
    yield* equalsAll(yield* namesIn(directory), ["a"], "names")
  }),

  fileLaw(
    "FS-18",
    "times keep their nanoseconds, and lengths beyond 32 bits are exact",
    function* (directory) {
      const file = yield* make(directory, "a")
      const before = yield* file.stat
      yield* isTrue(before.modifiedNanos > 1_000_000_000n * 1_000_000n, "The time should be of now")
      const accessed = 1_234_567_890_123_456_789n
      const modified = 987_654_321_987_654_321n
      yield* file.setTimes(accessed, modified)
      const { accessedNanos, modifiedNanos } = yield* Files.stat(`${directory}/a`)
      yield* isTrue(within(accessedNanos, accessed), `accessed at ${accessedNanos}`)
      yield* isTrue(within(modifiedNanos, modified), `modified at ${modifiedNanos}`)
      yield* rejects("accessedNanos", file.setTimes(-1n, 0n))
      yield* file.truncate(2 ** 40 + 1)
      yield* equals((yield* file.stat).bytes, 1_099_511_627_777n, "length")
      const big = yield* Effect.exit(file.truncate(Number.MAX_SAFE_INTEGER))
      const { bytes } = yield* file.stat
      yield* equals(bytes, Exit.isSuccess(big) ? 2n ** 53n - 1n : 2n ** 40n + 1n, "length")
    }
  ),

  fileLaw(
    "FS-66",
    "what is allocated makes a file longer by zeroes, and changes nothing that it has",
    function* (directory) {
      const file = yield* make(directory, "a")
      yield* file.write(ascii("abc"))
      yield* file.allocate(0, 2)
      yield* sameBytes(yield* read(`${directory}/a`), ascii("abc"), "within")
      yield* file.allocate(1, 5_000)
      const grown = concat([ascii("abc"), new Uint8Array(4_998)])
      yield* sameBytes(yield* read(`${directory}/a`), grown, "beyond")
      yield* file.writeAt(4_000, ascii("x"))
      grown[4_000] = 0x78
      yield* sameBytes(yield* read(`${directory}/a`), grown, "written over")
      yield* rejects("bytes", file.allocate(0, 0))
      yield* rejects("position", file.allocate(-1, 1))
      const other = yield* Files.open(`${directory}/a`)
      yield* failsWith("PermissionDenied", other.allocate(0, 1))
    },
    {
      capability: {
        name: "fileAllocate",
        ask: Effect.flatMap(Files.temporaryFile(), (file) => file.allocate(0, 1))
      }
    }
  ),

  fileLaw("FS-28", "a hard link is the file, a symbolic link is a path", function* (directory) {
    const file = yield* make(directory, "a")
    yield* Files.link(`${directory}/a`, `${directory}/b`)
    yield* Files.symlink("a", `${directory}/c`)
    yield* file.write(ascii("abc"))
    yield* sameBytes(yield* read(`${directory}/b`), ascii("abc"), "by the hard link")
    yield* sameBytes(yield* read(`${directory}/c`), ascii("abc"), "by the symbolic link")
    const [a, b, c] = yield* Effect.all([
      Files.stat(`${directory}/a`),
      Files.linkStat(`${directory}/b`),
      Files.linkStat(`${directory}/c`)
    ])
    yield* equals(a.inode, b.inode, "inode")
    yield* equals(a.links, 2, "links")
    yield* equals(c.kind, "symlink", "kind")
    yield* equals((yield* Files.stat(`${directory}/c`)).kind, "file", "kind of what it leads to")
    yield* equals(yield* Files.readLink(`${directory}/c`), "a", "what it says")
    const real = yield* Files.realPath(directory)
    yield* equals(yield* Files.realPath(`${directory}/./c`), `${real}/a`, "real path")
    yield* Files.remove(`${directory}/c`)
    yield* Files.remove(`${directory}/a`)
    yield* equals((yield* file.stat).links, 1, "links")
    yield* sameBytes(yield* read(`${directory}/b`), ascii("abc"), "what is left")
  }),

  fileLaw("FS-29", "permission bits are set as told", function* (directory) {
    yield* Files.writeFile(`${directory}/a`, ascii("x"), { mode: 0o600 })
    yield* equals((yield* Files.stat(`${directory}/a`)).mode, 0o600, "mode")
    yield* Files.setMode(`${directory}/a`, 0o751)
    yield* equals((yield* Files.stat(`${directory}/a`)).mode, 0o751, "mode")
    yield* Files.createDirectory(`${directory}/b`, { mode: 0o700 })
    yield* equals((yield* Files.stat(`${directory}/b`)).mode, 0o700, "mode")
  }),

  fileLaw("FS-30", "a copy has the content and the permission bits", function* (directory) {
    const bytes = yield* randomBytes(100_000)
    yield* Files.writeFile(`${directory}/a`, bytes)
    yield* Files.setMode(`${directory}/a`, 0o640)
    yield* Files.copy(`${directory}/a`, `${directory}/b`)
    yield* sameBytes(yield* read(`${directory}/b`), bytes, "the copy")
    yield* equals((yield* Files.stat(`${directory}/b`)).mode, 0o640, "mode")
    yield* Files.writeFile(`${directory}/c`, ascii("short"))
    const exclusive = Files.copy(`${directory}/c`, `${directory}/b`, { exclusive: true })
    yield* failsWith("AlreadyExists", exclusive)
    yield* Files.copy(`${directory}/c`, `${directory}/b`)
    yield* sameBytes(yield* read(`${directory}/b`), ascii("short"), "copied again")
  }),

  fileLaw(
    "FS-31",
    "directories on the way are made, and one that is there is fine",
    function* (directory) {
      yield* failsWith("NotFound", Files.createDirectory(`${directory}/a/b/c`))
      const made = { recursive: true } as const
      yield* Files.createDirectory(`${directory}/a/b/c`, made)
      yield* Files.createDirectory(`${directory}/a/b/c/`, made)
      yield* Files.createDirectory(`${directory}/a/../a/b/d`, made)
      yield* equalsAll(yield* namesIn(`${directory}/a/b`), ["c", "d"], "names")
      const both = [`${directory}/x/y/1`, `${directory}/x/y/2`]
      const racing = both.map((path) => Files.createDirectory(path, made))
      yield* Effect.all(racing, { concurrency: "unbounded" })
      yield* equalsAll(yield* namesIn(`${directory}/x/y`), ["1", "2"], "names")
      yield* Files.syncDirectory(`${directory}/x/y`)
    }
  ),

  fileLaw(
    "FS-32",
    "whole files are read up to a bound, written and appended",
    function* (directory) {
      const path = `${directory}/a`
      const bytes = yield* randomBytes(70_000)
      yield* Files.appendFile(path, bytes.subarray(0, 30_000))
      yield* Files.appendFile(path, bytes.subarray(30_000))
      yield* sameBytes(yield* read(path), bytes, "content")
      const exact = yield* Files.readFile(path, { bytesMax: 70_000 })
      yield* equals(exact.length, 70_000, "just as long as allowed")
      yield* failsWith("FileTooLarge", Files.readFile(path, { bytesMax: 69_999 }))
      yield* Files.writeFile(path, ascii("short"))
      yield* sameBytes(yield* read(path), ascii("short"), "cut and written")
      yield* Files.writeFile(path, ascii(""))
      yield* sameBytes(yield* read(path), ascii(""), "empty")
    }
  )
])

// Hosts that take times as doubles round them to some hundred nanoseconds.
const within = (actual: bigint, expected: bigint): boolean => {
  const apart = actual > expected ? actual - expected : expected - actual
  return apart < 1_000n
}
