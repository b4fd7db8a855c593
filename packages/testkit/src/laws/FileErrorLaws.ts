/** Laws of what goes wrong with files, each with a reason of its own and the path. */
import { Files } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { ascii } from "../Bytes.ts"
import { equals, failsWith, sameBytes } from "../Expectation.ts"
import { bytesMax, fileLaw, make } from "../FileLaw.ts"
import { lawGroup } from "../Law.ts"

const longName = "n".repeat(300)

export const FileErrorLaws = lawGroup("File errors", [
  fileLaw(
    "FS-06",
    "a missing file, a way through a file, a circle of links and a long name are told apart",
    function* (directory) {
      yield* Files.writeFile(`${directory}/file`, ascii("x"))
      yield* Files.symlink("b", `${directory}/a`)
      yield* Files.symlink("a", `${directory}/b`)
      for (const ask of [
        (path: string) => Files.open(path),
        (path: string) => Files.stat(path),
        (path: string) => Files.readFile(path, { bytesMax }),
        (path: string) => Files.realPath(path),
        (path: string) => Files.setMode(path, 0o600),
        (path: string) => Stream.runDrain(Files.entries(path))
      ]) {
        const missing = yield* failsWith("NotFound", ask(`${directory}/none`))
        yield* equals(missing.path, `${directory}/none`, "path")
        yield* failsWith("NotFound", ask(`${directory}/none/below`))
        yield* failsWith("NotADirectory", ask(`${directory}/file/below`))
        yield* failsWith("SymlinkLoop", ask(`${directory}/a`))
        yield* failsWith("NameTooLong", ask(`${directory}/${longName}`))
      }
      const writing = { access: "write", create: "ifMissing" } as const
      yield* failsWith("NotFound", Files.open(`${directory}/none/below`, writing))
      yield* failsWith("IsADirectory", Files.open(directory, writing))
    }
  ),

  fileLaw("FS-07", "an exclusive open fails when something is there", function* (directory) {
    const file = yield* make(directory, "a")
    yield* file.write(ascii("first"))
    const error = yield* failsWith("AlreadyExists", make(directory, "a"))
    yield* equals(error.path, `${directory}/a`, "path")
    yield* Files.symlink("nowhere", `${directory}/link`)
    yield* failsWith("AlreadyExists", make(directory, "link"))
    yield* sameBytes(yield* file.readAt(0, 10), ascii("first"), "content")
  }),

  fileLaw("FS-25", "noFollow refuses a link at the end of the path alone", function* (directory) {
    yield* Files.createDirectory(`${directory}/real`)
    yield* Files.writeFile(`${directory}/real/file`, ascii("x"))
    yield* Files.symlink("real", `${directory}/way`)
    yield* Files.symlink("file", `${directory}/real/link`)
    yield* failsWith("SymlinkLoop", Files.open(`${directory}/real/link`, { noFollow: true }))
    yield* Files.open(`${directory}/way/file`, { noFollow: true })
  }),

  fileLaw(
    "FS-26",
    "what directories and files refuse of each other is typed",
    function* (directory) {
      yield* Files.createDirectory(`${directory}/sub/below`, { recursive: true })
      yield* Files.writeFile(`${directory}/file`, ascii("x"))
      yield* failsWith("NotEmpty", Files.removeDirectory(`${directory}/sub`))
      yield* failsWith("NotADirectory", Files.removeDirectory(`${directory}/file`))
      yield* failsWith("IsADirectory", Files.remove(`${directory}/sub/below`))
      yield* failsWith("IsADirectory", Files.rename(`${directory}/file`, `${directory}/sub`))
      yield* failsWith("NotADirectory", Files.rename(`${directory}/sub`, `${directory}/file`))
      yield* failsWith("InvalidArgument", Files.rename(`${directory}/sub`, `${directory}/sub/a`))
      yield* failsWith("InvalidArgument", Files.readLink(`${directory}/file`))
      yield* failsWith("AlreadyExists", Files.createDirectory(`${directory}/sub`))
      yield* failsWith(
        "AlreadyExists",
        Files.createDirectory(`${directory}/file`, { recursive: true })
      )
      yield* failsWith("AlreadyExists", Files.link(`${directory}/file`, `${directory}/sub`))
      yield* failsWith("AlreadyExists", Files.symlink("x", `${directory}/file`))
      yield* failsWith("NotADirectory", Stream.runDrain(Files.entries(`${directory}/file`)))
      yield* failsWith("NotADirectory", Stream.runDrain(Files.walk(`${directory}/file`)))
      const opened = yield* Files.open(directory)
      yield* failsWith("IsADirectory", opened.readAt(0, 1))
      yield* opened.sync
    }
  ),

  fileLaw("FS-27", "a failed request of a file leaves it usable", function* (directory) {
    const opened = yield* Files.open(directory)
    yield* failsWith("IsADirectory", opened.read(1))
    yield* failsWith("IsADirectory", Effect.all([opened.read(1), opened.read(1)]))
    yield* equals((yield* opened.stat).kind, "directory", "kind")
  })
])
