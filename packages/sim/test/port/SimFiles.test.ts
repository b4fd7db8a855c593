/** Files in a world: how they fail, and what a crash leaves. */
import { Files, Tcp } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { bytesOf, textOf } from "../disk/TestDisk.ts"
import { disk, read, reasonOf, run, write } from "./FilePrograms.ts"

const syncFile = (path: string) =>
  Effect.scoped(Effect.flatMap(Files.open(path), (file) => file.sync))

describe("a crash of the disk", () => {
  it("leaves what was synced, as the next program finds it", () => {
    const program = Effect.gen(function* () {
      yield* write("/tmp/kept", "kept")
      yield* syncFile("/tmp/kept")
      yield* Files.syncDirectory("/tmp")
      yield* write("/tmp/lost", "lost")
      yield* write("/tmp/kept", "changed")
      const report = yield* Effect.flatMap(disk, (one) => one.crash("all"))
      expect(report.lost).toBe(report.pending)
      expect(yield* read("/tmp/kept")).toBe("kept")
      expect(yield* reasonOf(read("/tmp/lost"))).toBe("NotFound")
    })
    run(program)
  })

  it("leaves the old content or the new one of a file that was replaced", () => {
    const left = new Set<string>()
    for (let seed = 0; seed < 20; seed++) {
      const program = Effect.gen(function* () {
        const one = yield* disk
        const replace = (text: string) =>
          Files.replace("/tmp/a", (file) => file.write(bytesOf(text)))
        yield* replace("old")
        const fiber = yield* Effect.forkChild(replace("new"))
        // Between any two of its requests.
        yield* Effect.sleep(`${seed * 20} micros`)
        yield* one.crash("random")
        yield* Effect.exit(Fiber.join(fiber))
        return yield* read("/tmp/a")
      })
      left.add(run(program, seed))
    }
    expect([...left].sort()).toEqual(["new", "old"])
  })

  it("fails what is open and what is under way, which then never happens", () => {
    const program = Effect.gen(function* () {
      const one = yield* disk
      const file = yield* Files.open("/tmp/a", { access: "readWrite", create: "ifMissing" })
      yield* Files.syncDirectory("/tmp")
      const writing = yield* Effect.forkChild(reasonOf(file.write(bytesOf("late"))))
      const naming = yield* Effect.forkChild(reasonOf(Files.createDirectory("/tmp/late")))
      yield* Effect.sleep("1 micro")
      yield* one.crash("none")
      expect(yield* Fiber.join(writing)).toBe("DeviceError")
      expect(yield* Fiber.join(naming)).toBe("DeviceError")
      expect(yield* reasonOf(file.readAt(0, 1))).toBe("DeviceError")
      expect(yield* read("/tmp/a")).toBe("")
      const paths = (yield* one.snapshot("volatile")).map(({ path }) => path)
      expect(paths).toEqual(["/home", "/run", "/tmp", "/tmp/a"])
    })
    run(Effect.scoped(program))
  })

  it("shows in snapshots what would be lost", () => {
    const program = Effect.gen(function* () {
      const one = yield* disk
      yield* write("/tmp/a", "data")
      yield* Files.syncDirectory("/tmp")
      const content = (view: "volatile" | "durable") =>
        Effect.map(one.snapshot(view), (entries) =>
          textOf(entries.find(({ path }) => path === "/tmp/a")!.content!)
        )
      expect([yield* content("volatile"), yield* content("durable")]).toEqual(["data", ""])
      yield* syncFile("/tmp/a")
      expect(yield* content("durable")).toBe("data")
      expect((yield* one.usage).pendingChanges).toBe(0)
      yield* one.wipe
      expect(yield* reasonOf(read("/tmp/a"))).toBe("NotFound")
    })
    run(program)
  })
})

describe("a disk that fails", () => {
  it("reports a failed sync once, and has lost the data all the same", () => {
    const program = Effect.gen(function* () {
      const one = yield* disk
      const file = yield* Files.open("/tmp/a", { access: "write", create: "ifMissing" })
      yield* Files.syncDirectory("/tmp")
      yield* file.write(bytesOf("data"))
      yield* one.failNext("sync", 1)
      expect(yield* reasonOf(file.sync)).toBe("DeviceError")
      yield* file.sync
      expect(yield* read("/tmp/a")).toBe("data")
      yield* one.crash("none")
      expect(yield* read("/tmp/a")).not.toBe("data")
    })
    run(Effect.scoped(program))
  })

  it("fails reads, writes and names as often as it was told to", () => {
    const program = Effect.gen(function* () {
      const one = yield* disk
      yield* write("/tmp/a", "data")
      yield* one.failNext("read", 1)
      expect(yield* reasonOf(read("/tmp/a"))).toBe("DeviceError")
      expect(yield* read("/tmp/a")).toBe("data")
      yield* one.failNext("write", 2)
      for (let time = 0; time < 2; time++) {
        expect(yield* reasonOf(Files.appendFile("/tmp/a", bytesOf("x")))).toBe("DeviceError")
      }
      yield* Files.appendFile("/tmp/a", bytesOf("x"))
      expect(yield* read("/tmp/a")).toBe("datax")
      yield* one.failNext("metadata", 1)
      expect(yield* reasonOf(Files.rename("/tmp/a", "/tmp/b"))).toBe("DeviceError")
      yield* Files.rename("/tmp/a", "/tmp/b")
    })
    run(program)
  })

  it("fails some operations in a thousand as the seed has it", () => {
    const failures = (seed: number) => {
      const program = Effect.gen(function* () {
        yield* write("/tmp/a", "data")
        yield* Effect.flatMap(disk, (one) => one.setFaults({ readErrors: 200 }))
        const file = yield* Files.open("/tmp/a")
        const exits = yield* Effect.forEach(Array(50), () => Effect.exit(file.readAt(0, 4)))
        return exits.map((exit) => (Exit.isSuccess(exit) ? "." : "x")).join("")
      })
      return run(Effect.scoped(program), seed)
    }
    expect(failures(1)).toBe(failures(1))
    expect(failures(1)).not.toBe(failures(2))
    const struck = [1, 2, 3, 4].map(failures).join("").replaceAll(".", "").length
    expect(struck).toBeGreaterThan(20)
    expect(struck).toBeLessThan(70)
  })

  it("takes writes in parts, which programs do not see", () => {
    const program = Effect.gen(function* () {
      const one = yield* disk
      yield* one.setFaults({ shortWrites: 500, shortReads: 500 })
      const text = "0123456789".repeat(100)
      yield* write("/tmp/a", text)
      expect(yield* read("/tmp/a")).toBe(text)
      return (yield* one.usage).struck
    })
    const struck = Array.from({ length: 10 }, (_, seed) => run(program, seed))
    expect(Math.max(...struck)).toBeGreaterThan(2)
  })
})

describe("a disk that is full", () => {
  it("takes what fits, and has room again when something is removed", () => {
    const program = Effect.gen(function* () {
      const one = yield* disk
      const { bytes } = yield* one.usage
      yield* one.setLimits({ capacityBytes: bytes + 5 * 4096 })
      expect(yield* reasonOf(write("/tmp/a", "x".repeat(10 * 4096)))).toBe("NoSpace")
      expect((yield* Files.stat("/tmp/a")).bytes).toBe(4n * 4096n)
      expect(yield* reasonOf(Files.appendFile("/tmp/a", bytesOf("x")))).toBe("NoSpace")
      // What is there can be written over.
      yield* Effect.scoped(
        Effect.flatMap(Files.open("/tmp/a", { access: "write" }), (file) =>
          file.writeAt(0, bytesOf("y".repeat(4096)))
        )
      )
      yield* Files.remove("/tmp/a")
      yield* write("/tmp/b", "x".repeat(4096))
    })
    run(program)
  })

  it("takes no more names either, nor more files than it has inodes", () => {
    const program = Effect.gen(function* () {
      const one = yield* disk
      const { bytes, inodes } = yield* one.usage
      yield* one.setLimits({ capacityBytes: bytes })
      expect(yield* reasonOf(Files.createDirectory("/tmp/a"))).toBe("NoSpace")
      expect(yield* reasonOf(write("/tmp/a", ""))).toBe("NoSpace")
      yield* one.setLimits({ capacityBytes: 2 ** 40, inodesMax: inodes + 1 })
      yield* write("/tmp/a", "")
      expect(yield* reasonOf(Files.symlink("a", "/tmp/b"))).toBe("NoSpace")
      yield* Files.link("/tmp/a", "/tmp/b")
    })
    run(program)
  })

  it("says the same of a user's quota, with a code of its own", () => {
    const program = Effect.gen(function* () {
      const one = yield* disk
      yield* one.setLimits({ quotaBytes: (yield* one.usage).bytes })
      const error = yield* Effect.flip(Files.createDirectory("/tmp/a"))
      yield* one.setLimits({ quotaBytes: 2 ** 40, capacityBytes: 1 })
      const other = yield* Effect.flip(Files.createDirectory("/tmp/a"))
      expect([error.reason._tag, other.reason._tag]).toEqual(["NoSpace", "NoSpace"])
      expect(error.cause).not.toEqual(other.cause)
    })
    run(program)
  })

  it("is one limit, the process's descriptors another", () => {
    const program = Effect.gen(function* () {
      yield* write("/tmp/a", "")
      const open = Files.open("/tmp/a")
      const count = yield* Effect.scoped(
        Effect.gen(function* () {
          for (let opened = 0; ; opened++) {
            const exit = yield* Effect.exit(open)
            if (Exit.isFailure(exit)) return opened
          }
        })
      )
      expect(count).toBe(20)
      expect((yield* Effect.scoped(open)).path).toBe("/tmp/a")
    })
    run(program)
  })
})

describe("the file of a Unix socket", () => {
  it("is on the disk, cannot be opened, and goes with its listener", () => {
    const program = Effect.gen(function* () {
      const path = "/run/app/socket"
      expect(yield* reasonOf(Effect.scoped(Tcp.listen({ path })))).toBe("NotFound")
      yield* Files.createDirectory("/run/app")
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* Tcp.listen({ path, mode: 0o600 })
          const { kind, mode } = yield* Files.stat(path)
          expect([kind, mode]).toEqual(["socket", 0o600])
          expect(yield* reasonOf(Files.open(path))).toBe("Unknown")
          yield* Files.symlink(path, "/tmp/link")
          yield* Tcp.connect({ path: "/tmp/link" })
          yield* Files.rename(path, "/run/app/renamed")
          yield* Tcp.connect({ path: "/run/app/renamed" })
          expect(yield* reasonOf(Tcp.connect({ path }))).toBe("NotFound")
          yield* Files.remove("/run/app/renamed")
        })
      )
      yield* Effect.scoped(Tcp.listen({ path }))
      expect(yield* reasonOf(Files.stat(path))).toBe("NotFound")
    })
    run(program)
  })
})

describe("a host", () => {
  it("has so many open files at once, of all its processes", () => {
    const program = Effect.gen(function* () {
      const one = yield* disk
      yield* write("/tmp/a", "")
      yield* one.setLimits({ openFilesMax: 1 })
      const error = yield* Effect.scoped(
        Effect.andThen(Files.open("/tmp/a"), Effect.flip(Effect.scoped(Files.open("/tmp/a"))))
      )
      expect(error.reason).toMatchObject({
        _tag: "ResourceExhausted",
        resource: "file descriptors of the host"
      })
      yield* Effect.scoped(Files.open("/tmp/a"))
    })
    run(program)
  })
})
