/** Laws of open files: bytes at positions, the cursor, and the end. */
import { Files, Operation, Proactor } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { ascii, concat, randomBytes, randomChunks } from "../Bytes.ts"
import { equals, equalsAll, failsWith, isTrue, rejects, sameBytes } from "../Expectation.ts"
import { bytesMax, fileLaw, make } from "../FileLaw.ts"
import { lawGroup } from "../Law.ts"

export const FileLaws = lawGroup("Open files", [
  fileLaw("FS-01", "a read or write at a position leaves the cursor alone", function* (directory) {
    const file = yield* make(directory, "a")
    yield* file.write(ascii("abcdefgh"))
    yield* file.writeAt(2, ascii("CD"))
    yield* sameBytes(yield* file.readAt(1, 4), ascii("bCDe"), "at 1")
    yield* file.write(ascii("ij"))
    yield* sameBytes(yield* file.readAt(0, 100), ascii("abCDefghij"), "all of it")
    const again = yield* Files.open(`${directory}/a`)
    yield* sameBytes(yield* again.read(3), ascii("abC"), "the first three")
    yield* again.readIntoAt(8, new Uint8Array(2))
    yield* sameBytes(yield* again.read(3), ascii("Def"), "the next three")
  }),

  fileLaw(
    "FS-02",
    "what is opened to append ignores the position of a write",
    function* (directory) {
      const options = { access: "readWrite", append: true, create: "ifMissing" } as const
      const file = yield* Files.open(`${directory}/a`, options)
      yield* file.write(ascii("abc"))
      yield* file.writeAt(0, ascii("def"))
      const other = yield* Files.open(`${directory}/a`, options)
      yield* other.write(ascii("ghi"))
      yield* file.write(ascii("jkl"))
      yield* sameBytes(yield* file.readAt(0, 100), ascii("abcdefghijkl"), "content")
    }
  ),

  fileLaw("FS-03", "a read at the end gives what is there, then nothing", function* (directory) {
    const file = yield* make(directory, "a")
    yield* file.write(ascii("abcde"))
    yield* sameBytes(yield* file.readAt(3, 10), ascii("de"), "across the end")
    yield* sameBytes(yield* file.readAt(5, 10), ascii(""), "at the end")
    yield* sameBytes(yield* file.readAt(500, 10), ascii(""), "beyond the end")
    const buffer = new Uint8Array(4).fill(255)
    yield* equals(yield* file.readIntoAt(3, buffer), 2, "bytes in the buffer")
    yield* equalsAll([...buffer], [100, 101, 255, 255], "the buffer")
    const again = yield* Files.open(`${directory}/a`)
    yield* sameBytes(yield* again.read(10), ascii("abcde"), "by the cursor")
    yield* equals((yield* again.read(10)).length, 0, "then")
    yield* equals((yield* again.read(10)).length, 0, "and again")
  }),

  fileLaw("FS-05", "thousands of chunks are written whole and in order", function* (directory) {
    const file = yield* make(directory, "a")
    const bytes = yield* randomBytes(200_000)
    const chunks = yield* randomChunks(bytes, 60)
    yield* isTrue(chunks.length > 3_000, "There should be thousands")
    yield* file.writeAt(7, ...chunks)
    yield* file.write(...chunks)
    const buffers = chunks.map((chunk) => new Uint8Array(chunk.length))
    yield* equals(yield* file.readIntoAt(0, ...buffers), bytes.length, "bytes read")
    yield* sameBytes(concat(buffers), bytes, "by the cursor")
    yield* sameBytes(yield* file.readAt(bytes.length, 100), bytes.subarray(-7), "the rest")
  }),

  fileLaw("FS-20", "an empty transfer touches nothing", function* (directory) {
    const file = yield* make(directory, "a")
    yield* file.writeAt(1_000)
    yield* file.writeAt(1_000, new Uint8Array(0))
    yield* file.write(new Uint8Array(0))
    yield* equals(yield* file.readIntoAt(0), 0, "bytes")
    yield* equals((yield* file.stat).bytes, 0n, "length")
  }),

  fileLaw("FS-21", "a gap reads as zeroes, and truncate cuts and extends", function* (directory) {
    const file = yield* make(directory, "a")
    yield* file.writeAt(6, ascii("xyz"))
    yield* equalsAll([...(yield* file.readAt(4, 3))], [0, 0, 120], "over the gap")
    yield* file.truncate(7)
    yield* equals((yield* file.stat).bytes, 7n, "cut")
    yield* file.truncate(9)
    yield* equalsAll([...(yield* file.readAt(6, 9))], [120, 0, 0], "extended")
    yield* file.sync
    yield* file.syncData
  }),

  fileLaw(
    "FS-22",
    "writes by the cursor go out one after another, as they were called",
    function* (directory) {
      const file = yield* make(directory, "a")
      const letters = "abcdefghijklmnopqrstuvwxyz"
        .split("")
        .map((letter) => new Uint8Array(3_000).fill(letter.charCodeAt(0)))
      const writes = letters.map((bytes) => file.write(bytes.subarray(0, 1), bytes.subarray(1)))
      yield* Effect.all(writes, { concurrency: "unbounded" })
      const content = yield* Files.readFile(`${directory}/a`, { bytesMax })
      yield* sameBytes(content, concat(letters), "content")
    }
  ),

  fileLaw("FS-23", "arguments out of their bounds are refused", function* (directory) {
    const file = yield* make(directory, "a")
    yield* rejects("bytesMax", file.read(0))
    yield* rejects("bytesMax", file.readAt(0, 64 * 1024 * 1024 + 1))
    for (const position of [-1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER, 2 ** 60]) {
      yield* rejects("position", file.readAt(position, 1))
      yield* rejects("position", file.readIntoAt(position, new Uint8Array(1)))
      yield* rejects("position", file.writeAt(position, new Uint8Array(1)))
    }
    yield* rejects("bytes", file.truncate(-1))
    yield* rejects("path", Files.open(""))
    yield* rejects("path", Files.stat(`${directory}/a\0b`))
    yield* rejects("to", Files.rename(`${directory}/a`, ""))
    yield* rejects("append", Files.open(`${directory}/a`, { append: true }))
    yield* rejects("truncate", Files.open(`${directory}/a`, { truncate: true }))
    yield* rejects("mode", Files.setMode(`${directory}/a`, 0o10000))
    yield* rejects("prefix", Files.temporaryDirectory({ prefix: "a/b" }))
    yield* rejects("bytesMax", Files.readFile(`${directory}/a`, { bytesMax: 0 }))
  }),

  fileLaw(
    "PRO-30",
    "files are read, written and synced as operations, in order",
    function* (directory) {
      const { submitAll } = yield* Proactor.Proactor
      const file = yield* make(directory, "a")
      const [first, second, third, synced] = yield* submitAll([
        Operation.fileWrite(file, [ascii("ab"), ascii("c")]),
        Operation.fileWrite(file, [ascii("def")]),
        Operation.fileWrite(file, [ascii("xyz")], 10),
        Operation.sync(file)
      ])
      const counts = [first, second, third].map((exit) =>
        Exit.isSuccess(exit) ? exit.value.byteCount : -1
      )
      yield* equalsAll(counts, [3, 3, 3], "bytes written")
      yield* equals(Exit.isSuccess(synced) ? synced.value._tag : "", "Synced", "completion")
      const again = yield* Files.open(`${directory}/a`)
      const [head, tail] = yield* submitAll([
        Operation.fileRead(again, 4),
        Operation.fileRead(again, 10, 10)
      ])
      yield* sameBytes((yield* head).bytes, ascii("abcd"), "by the cursor")
      yield* sameBytes((yield* tail).bytes, ascii("xyz"), "at a position")
      yield* again.close
      yield* failsWith(
        "Closed",
        Proactor.Proactor.use(({ submit }) => submit(Operation.sync(again)))
      )
    }
  ),

  fileLaw("FS-24", "what a file was not opened for is refused", function* (directory) {
    yield* Files.writeFile(`${directory}/a`, ascii("abc"))
    const readable = yield* Files.open(`${directory}/a`)
    yield* failsWith("PermissionDenied", readable.write(ascii("x")))
    const writable = yield* Files.open(`${directory}/a`, { access: "write" })
    yield* failsWith("PermissionDenied", writable.read(1))
    yield* sameBytes(yield* readable.read(10), ascii("abc"), "content")
  })
])
