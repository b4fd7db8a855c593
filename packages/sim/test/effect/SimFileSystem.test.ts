/** Programs over Effect's own `FileSystem`, which know nothing of Portico, on a simulated disk. */
import { Sim, SimBackend, SimFileSystem } from "@portico/sim"
import * as ByteSize from "effect/ByteSize"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { FileSystem } from "effect/FileSystem"
import * as Option from "effect/Option"
import type { PlatformError } from "effect/PlatformError"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { bytesOf, textOf } from "../disk/TestDisk.ts"

const run = <A, E>(program: Effect.Effect<A, E, FileSystem | SimBackend.Services>, seed = 1): A => {
  const { exit } = SimBackend.simulate(Effect.provide(program, SimFileSystem.layer), { seed })
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(String(exit))
}

const reasonOf = <A, R>(failing: Effect.Effect<A, PlatformError, R>) =>
  Effect.map(Effect.flip(failing), ({ reason }) => reason._tag)

describe("Effect's FileSystem on a simulated disk", () => {
  it("writes, reads, streams and lists", () => {
    const program = Effect.gen(function* () {
      const fs = yield* FileSystem
      yield* fs.makeDirectory("/data/deep/er", { recursive: true })
      yield* fs.writeFileString("/data/a.txt", "hello")
      yield* fs.writeFileString("/data/a.txt", " world", { flag: "a" })
      expect(yield* fs.readFileString("/data/a.txt")).toBe("hello world")
      yield* fs.copyFile("/data/a.txt", "/data/deep/er/b.txt")
      expect([...(yield* fs.readDirectory("/data"))].sort()).toEqual(["a.txt", "deep"])
      const all = yield* fs.readDirectory("/data", { recursive: true })
      expect([...all].sort()).toEqual(["a.txt", "deep", "deep/er", "deep/er/b.txt"])
      expect(yield* fs.glob("**/*.txt", { root: "/data" })).toEqual(["a.txt", "deep/er/b.txt"])
      const stream = fs.stream("/data/a.txt", { offset: 3, bytesToRead: 5, chunkSize: 2 })
      const chunks = yield* Stream.runCollect(stream)
      expect(Array.from(chunks, textOf).join("|")).toBe("lo| w|o")
      yield* Stream.run(Stream.make(bytesOf("x"), bytesOf("yz")), fs.sink("/data/c.txt"))
      expect(yield* fs.readFileString("/data/c.txt")).toBe("xyz")
    })
    run(program)
  })

  it("keeps a cursor for each open file", () => {
    const program = Effect.gen(function* () {
      const fs = yield* FileSystem
      const file = yield* fs.open("/tmp/a", { flag: "w+" })
      expect(yield* file.write(bytesOf("abcdef"))).toBe(6)
      expect(yield* file.seek(1n, "start")).toBe(1n)
      const buffer = new Uint8Array(2)
      expect([yield* file.read(buffer), textOf(buffer)]).toEqual([2, "bc"])
      yield* file.writeAll(bytesOf("X"))
      const rest = yield* file.readAlloc(10)
      expect(textOf(Option.getOrThrow(rest))).toBe("ef")
      expect(Option.isNone(yield* file.readAlloc(10))).toBe(true)
      expect([yield* file.read(buffer, { position: 3n }), textOf(buffer)]).toEqual([2, "Xe"])
      expect(yield* reasonOf(file.seek(-9n, "current"))).toBe("BadArgument")
      yield* file.truncate(2)
      yield* file.writeAll(bytesOf("!"))
      yield* file.sync
      const { mode, size, type } = yield* file.stat
      expect([type, ByteSize.toBigInt(size), mode.toString(8)]).toEqual(["File", 3n, "100644"])
      expect(yield* fs.readFileString("/tmp/a")).toBe("ab!")
    })
    run(Effect.scoped(program))
  })

  it("fails as platform-node does", () => {
    const program = Effect.gen(function* () {
      const fs = yield* FileSystem
      yield* fs.makeDirectory("/tmp/folder")
      yield* fs.writeFileString("/tmp/folder/a", "")
      expect(yield* reasonOf(fs.readFileString("/tmp/none"))).toBe("NotFound")
      expect(yield* fs.exists("/tmp/none")).toBe(false)
      expect(yield* reasonOf(fs.makeDirectory("/tmp/folder"))).toBe("AlreadyExists")
      expect(yield* reasonOf(fs.readFile("/tmp/folder"))).toBe("BadResource")
      expect(yield* reasonOf(fs.readFile("/tmp/folder/a/b"))).toBe("BadResource")
      expect(yield* reasonOf(fs.open("/tmp/folder/a", { flag: "wx" }))).toBe("AlreadyExists")
      expect(yield* reasonOf(fs.remove("/tmp/none"))).toBe("NotFound")
      yield* fs.remove("/tmp/none", { force: true })
      yield* fs.chmod("/tmp/folder/a", 0o400)
      expect(yield* reasonOf(fs.access("/tmp/folder/a", { writable: true }))).toBe(
        "PermissionDenied"
      )
      yield* fs.access("/tmp/folder/a", { readable: true })
      expect(yield* reasonOf(fs.chown("/tmp/folder/a", 0, 0))).toBe("PermissionDenied")
      yield* fs.remove("/tmp/folder", { recursive: true })
      expect(yield* fs.exists("/tmp/folder")).toBe(false)
    })
    run(Effect.scoped(program))
  })

  it("links, renames, copies trees and sets times", () => {
    const program = Effect.gen(function* () {
      const fs = yield* FileSystem
      yield* fs.makeDirectory("/tmp/from/in", { recursive: true })
      yield* fs.writeFileString("/tmp/from/in/a", "a")
      yield* fs.symlink("in/a", "/tmp/from/link")
      yield* fs.copy("/tmp/from", "/tmp/to")
      expect(yield* fs.readLink("/tmp/to/link")).toBe("in/a")
      expect(yield* fs.realPath("/tmp/to/link")).toBe("/tmp/to/in/a")
      yield* fs.writeFileString("/tmp/from/in/a", "b")
      yield* fs.copy("/tmp/from", "/tmp/to")
      expect(yield* fs.readFileString("/tmp/to/in/a")).toBe("a")
      yield* fs.copy("/tmp/from/in", "/tmp/to/in", { overwrite: true })
      expect(yield* fs.readFileString("/tmp/to/link")).toBe("b")
      expect((yield* fs.lstat("/tmp/to/link")).type).toBe("SymbolicLink")
      yield* fs.link("/tmp/to/in/a", "/tmp/hard")
      yield* fs.rename("/tmp/hard", "/tmp/harder")
      yield* fs.utimes("/tmp/harder", 1.5, 2)
      const { atime, mtime, nlink } = yield* fs.stat("/tmp/to/in/a")
      const millis = [atime, mtime].map((time) => Option.getOrThrow(time).getTime())
      expect([...millis, Option.getOrThrow(nlink)]).toEqual([1500, 2000, 2n])
      yield* fs.truncate("/tmp/harder")
      expect(yield* fs.readFileString("/tmp/harder")).toBe("")
    })
    run(program)
  })

  it("makes temporary files, which their scope removes", () => {
    const program = Effect.gen(function* () {
      const fs = yield* FileSystem
      const paths = yield* Effect.scoped(
        Effect.gen(function* () {
          const folder = yield* fs.makeTempDirectoryScoped({ prefix: "app-" })
          const file = yield* fs.makeTempFileScoped({ directory: folder, suffix: ".txt" })
          expect(folder).toMatch(/^\/tmp\/app-[a-z0-9]{6}$/)
          expect(file).toMatch(/\.txt$/)
          expect(yield* fs.readFileString(file)).toBe("")
          return [folder, file]
        })
      )
      for (const path of paths) expect(yield* fs.exists(path)).toBe(false)
    })
    run(program)
  })

  it("tells what changes", () => {
    const program = Effect.gen(function* () {
      const fs = yield* FileSystem
      yield* fs.makeDirectory("/tmp/watched")
      const ready = yield* Deferred.make<void>()
      const onReady = () => Deferred.doneUnsafe(ready, Effect.void)
      const events = fs.watch("/tmp/watched", { onReady }).pipe(
        Stream.tap(({ _tag }) => (_tag === "Create" ? fs.remove("/tmp/watched/a") : Effect.void)),
        Stream.take(2)
      )
      const fiber = yield* Effect.forkChild(Stream.runCollect(events))
      yield* Deferred.await(ready)
      yield* fs.writeFileString("/tmp/watched/a", "")
      expect([...(yield* Fiber.join(fiber))]).toEqual([
        { _tag: "Create", path: "a" },
        { _tag: "Remove", path: "a" }
      ])
    })
    run(program)
  })

  it("loses what was not synced when the disk loses power", () => {
    const program = Effect.gen(function* () {
      const fs = yield* FileSystem
      const { disk } = yield* Sim.Sim
      const write = (path: string, syncs: boolean) =>
        Effect.scoped(
          Effect.gen(function* () {
            const file = yield* fs.open(path, { flag: "w" })
            yield* file.writeAll(bytesOf("data"))
            if (syncs) yield* file.sync
          })
        )
      yield* write("/tmp/kept", true)
      yield* write("/tmp/lost", false)
      yield* Effect.scoped(Effect.flatMap(fs.open("/tmp"), (folder) => folder.sync))
      yield* disk.crash("all")
      expect(yield* fs.readFileString("/tmp/kept")).toBe("data")
      expect(yield* fs.readFileString("/tmp/lost")).toBe("")
    })
    run(program)
  })
})
