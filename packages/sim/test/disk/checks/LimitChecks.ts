/** Space, and faults. */
import type { DiskCheck } from "../DiskChecks.ts"
import { bytesOf, contentOf, done, makeDisk, Names, open, put } from "../TestDisk.ts"
import { holds, same } from "./Same.ts"

const page = 4096

export const limitChecks: ReadonlyArray<DiskCheck> = [
  {
    name: "a full disk takes what fits, then nothing",
    check: () => {
      const disk = makeDisk()
      const file = open(disk, "/tmp/a")
      disk.setLimits({ capacityBytes: disk.usage().bytes + 2 * page })
      const bytes = new Uint8Array(3 * page)
      same([file.write([bytes], 0), file.write([bytes], 2 * page)], [2 * page, "noSpace"])
      same(file.write([bytes], 0), 2 * page)
    }
  },
  {
    name: "a full disk takes no names",
    check: () => {
      const disk = makeDisk()
      disk.setLimits({ capacityBytes: disk.usage().bytes })
      same(Names.createDirectory(disk, "/tmp/a", 0o777), "noSpace")
    }
  },
  {
    name: "what is removed makes room",
    check: () => {
      const disk = makeDisk()
      const before = disk.usage()
      put(disk, "/tmp/a", "x".repeat(2 * page))
      done(Names.symlink(disk, "a", "/tmp/b"))
      done(Names.rename(disk, "/tmp/b", "/tmp/a"))
      done(Names.unlink(disk, "/tmp/a"))
      same([disk.usage().bytes, disk.usage().inodes], [before.bytes, before.inodes])
    }
  },
  {
    name: "a hole takes no space",
    check: () => {
      const disk = makeDisk()
      const before = disk.usage().bytes
      const file = open(disk, "/tmp/a")
      done(file.truncate(1000 * page))
      file.write([bytesOf("x")], 500 * page)
      holds(disk.usage().bytes < before + 2 * page, "it takes space")
    }
  },
  {
    name: "a write that fails writes nothing",
    check: () => {
      const disk = makeDisk()
      const file = open(disk, "/tmp/a")
      disk.faults.failNext("write", 1)
      same(file.write([bytesOf("x")], 0), "deviceError")
      same(contentOf(disk, "/tmp/a"), "")
    }
  },
  {
    name: "changes are written back when there are too many of them",
    check: () => {
      const disk = makeDisk()
      const file = open(disk, "/tmp/a")
      const bytes = new Uint8Array(1024 * 1024)
      for (let count = 0; count < 66; count++) file.write([bytes], count)
      holds(disk.usage().pendingBytes <= 64 * bytes.length, "they pile up")
      for (let count = 0; count < 5000; count++) {
        done(Names.rename(disk, `/tmp/${count === 0 ? "a" : count - 1}`, `/tmp/${count}`))
      }
      holds(disk.usage().pendingChanges < 5000, "names pile up")
    }
  }
]
