/** Laws of what lasts, and of disks that fail, where there is a disk to do that to. */
import { type File, Files, type IoError } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { ascii, concat } from "../Bytes.ts"
import { equals, equalsAll, failsWith, isTrue, sameBytes } from "../Expectation.ts"
import { bytesMax, fileLaw, make } from "../FileLaw.ts"
import { lawGroup, type LawServices } from "../Law.ts"
import type { LawDisk } from "../LawDisk.ts"
import { LawEnvironment } from "../LawEnvironment.ts"
import type { LawFailure } from "../LawFailure.ts"

type Body = (
  directory: string,
  disk: LawDisk
) => Effect.fn.Return<void, LawFailure | IoError.IoError, LawServices>

/** The law's directory outlasts crashes. */
const diskLaw = (id: string, sentence: string, body: Body) =>
  fileLaw(
    id,
    sentence,
    function* (directory) {
      const environment = yield* LawEnvironment
      yield* Files.syncDirectory(`${directory}/..`)
      yield* Effect.gen(() => body(directory, Option.getOrThrow(environment.disk)))
    },
    { hook: "disk" }
  )

/** What is there under that name; undefined for nothing. */
const contentOf = (path: string) =>
  Effect.map(Effect.exit(Files.readFile(path, { bytesMax })), (exit) =>
    Exit.isSuccess(exit) ? String.fromCharCode(...exit.value) : undefined
  )

const syncFile = (path: string) =>
  Effect.scoped(Effect.flatMap(Files.open(path), (file) => file.sync))

/** A file that is there, content and name. */
const makeDurable = (path: string, content: string) =>
  Files.replace(path, (file) => file.write(ascii(content)))

const crashLaws = [
  diskLaw(
    "FS-11",
    "after a crash there is what was synced: content by its file, a name by its directory",
    function* (directory, disk) {
      const at = (name: string) => `${directory}/${name}`
      yield* makeDurable(at("a"), "kept")
      yield* Files.writeFile(at("name"), ascii("content"))
      yield* Files.syncDirectory(directory)
      yield* Files.writeFile(at("content"), ascii("content"))
      yield* syncFile(at("content"))
      yield* Files.writeFile(at("a"), ascii("changed"))
      yield* disk.crash("all")
      yield* equals(yield* contentOf(at("a")), "kept", "what was synced")
      yield* equals(yield* contentOf(at("name")), "", "content without a sync of the file")
      yield* equals(yield* contentOf(at("content")), undefined, "a name without a sync")
    }
  ),

  diskLaw(
    "FS-60",
    "a crash at any moment leaves a replaced file with its old content or its new one",
    function* (directory, disk) {
      const path = `${directory}/a`
      yield* makeDurable(path, "old")
      const found: Array<string | undefined> = []
      for (let micros = 0; micros < 600; micros += 10) {
        yield* makeDurable(path, "old")
        const replacing = yield* Effect.forkChild(Effect.exit(makeDurable(path, "new")))
        yield* Effect.sleep(`${micros} micros`)
        yield* disk.crash("random")
        const exit = yield* Fiber.join(replacing)
        const content = yield* contentOf(path)
        found.push(content)
        if (Exit.isSuccess(exit)) yield* equals(content, "new", "what was replaced")
      }
      yield* equalsAll([found.includes("new"), found.includes("old")], [true, true], "contents")
      yield* equals(new Set(found).size, 2, "contents")
    }
  ),

  diskLaw(
    "FS-61",
    "a rename outlasts a crash once its directory was synced",
    function* (directory, disk) {
      const at = (name: string) => `${directory}/${name}`
      yield* makeDurable(at("a"), "content")
      yield* Files.rename(at("a"), at("b"))
      yield* Files.syncDirectory(directory)
      yield* Files.rename(at("b"), at("c"))
      yield* disk.crash("all")
      yield* equals(yield* contentOf(at("a")), undefined, "the first name")
      yield* equals(yield* contentOf(at("b")), "content", "the synced name")
      yield* equals(yield* contentOf(at("c")), undefined, "the last name")
    }
  ),

  diskLaw(
    "FS-62",
    "what was open when the power went fails, and closes",
    function* (directory, disk) {
      const scoped = Effect.gen(function* () {
        const file = yield* make(directory, "a")
        yield* disk.crash("random")
        yield* failsWith("DeviceError", file.write(ascii("x")))
        yield* failsWith("DeviceError", file.readAt(0, 1))
        yield* failsWith("DeviceError", file.sync)
        yield* file.close
        yield* failsWith("Closed", file.readAt(0, 1))
      })
      yield* Effect.scoped(scoped)
    }
  )
]

const append = (file: File.File, content: string) => file.write(ascii(content))

const faultLaws = [
  diskLaw(
    "FS-63",
    "a sync that fails says so, once, and what it was for is lost",
    function* (directory, disk) {
      const file = yield* make(directory, "a")
      yield* Files.syncDirectory(directory)
      yield* append(file, "lost")
      yield* disk.failNext("sync", 1)
      yield* failsWith("DeviceError", file.sync)
      yield* file.sync
      yield* append(file, "kept")
      yield* file.sync
      yield* equals(yield* contentOf(file.path), "lostkept", "before the crash")
      yield* disk.crash("all")
      yield* equals(yield* contentOf(file.path), "\0\0\0\0kept", "after it")
    }
  ),

  diskLaw(
    "FS-64",
    "a read or write that the device fails leaves the file usable",
    function* (directory, disk) {
      const file = yield* make(directory, "a")
      yield* disk.failNext("write", 1)
      yield* failsWith("DeviceError", append(file, "abc"))
      yield* append(file, "abc")
      yield* disk.failNext("read", 1)
      yield* failsWith("DeviceError", file.readAt(0, 3))
      yield* sameBytes(yield* file.readAt(0, 100), ascii("abc"), "content")
    }
  ),

  diskLaw(
    "FS-65",
    "a full disk fails with NoSpace until there is room again",
    function* (directory, disk) {
      const file = yield* make(directory, "a")
      const { bytes } = yield* disk.usage
      yield* disk.setLimits({ capacityBytes: bytes + 8192 })
      const chunk = new Uint8Array(4096).fill(1)
      yield* failsWith("NoSpace", file.write(chunk, chunk, chunk))
      yield* isTrue((yield* file.stat).bytes <= 8192n, "It should hold what fits")
      yield* failsWith("NoSpace", Files.writeFile(`${directory}/b`, chunk))
      yield* file.truncate(0)
      yield* file.writeAt(0, chunk, chunk)
      yield* sameBytes(yield* file.readAt(0, 9000), concat([chunk, chunk]), "content")
      yield* disk.setLimits({ capacityBytes: bytes + 2 ** 30 })
    }
  ),

  diskLaw(
    "FS-67",
    "what was allocated has room on a full disk, also after a crash",
    function* (directory, disk) {
      const file = yield* make(directory, "a")
      yield* file.allocate(0, 3 * 4096)
      yield* file.sync
      yield* Files.syncDirectory(directory)
      const { bytes } = yield* disk.usage
      yield* disk.setLimits({ capacityBytes: bytes })
      yield* failsWith("NoSpace", file.allocate(0, 4 * 4096))
      yield* equals((yield* file.stat).bytes, 3n * 4096n, "length")
      yield* disk.crash("all")
      const again = yield* Files.open(file.path, { access: "readWrite" })
      const chunk = new Uint8Array(3 * 4096).fill(1)
      yield* again.writeAt(0, chunk)
      yield* sameBytes(yield* again.readAt(0, 20_000), chunk, "content")
      yield* failsWith("NoSpace", again.writeAt(3 * 4096, ascii("x")))
      yield* disk.setLimits({ capacityBytes: bytes + 2 ** 30 })
    }
  )
]

export const DiskLaws = lawGroup("Durability and failing disks", [...crashLaws, ...faultLaws])
