/** What programs see of names and bytes. */
import { find } from "../../../src/disk/Lookup.ts"
import { openFile } from "../../../src/disk/OpenFile.ts"
import type { DiskCheck } from "../DiskChecks.ts"
import { bytesOf, contentOf, done, makeDisk, Names, open, put, request } from "../TestDisk.ts"
import { same } from "./Same.ts"

export const fileChecks: ReadonlyArray<DiskCheck> = [
  {
    name: "what is opened to append ignores positions",
    check: () => {
      const disk = makeDisk()
      put(disk, "/tmp/a", "one")
      open(disk, "/tmp/a", { append: true }).write([bytesOf("two")], 0)
      same(contentOf(disk, "/tmp/a"), "onetwo")
    }
  },
  {
    name: "positions leave the cursor alone",
    check: () => {
      const disk = makeDisk()
      const file = open(disk, "/tmp/a")
      file.write([bytesOf("abc")], undefined)
      file.write([bytesOf("x")], 0)
      file.read([new Uint8Array(1)], 1)
      file.write([bytesOf("d")], undefined)
      same(contentOf(disk, "/tmp/a"), "xbcd")
    }
  },
  {
    name: "what was cut off is zeroes when the file grows again",
    check: () => {
      const disk = makeDisk()
      put(disk, "/tmp/a", "abcdef")
      const file = open(disk, "/tmp/a")
      done(file.truncate(2))
      done(file.truncate(4))
      same(contentOf(disk, "/tmp/a"), "ab\0\0")
    }
  },
  {
    name: "a file without a name is there until it is closed, and takes space",
    check: () => {
      const disk = makeDisk()
      const before = disk.usage().bytes
      put(disk, "/tmp/a", "data")
      const file = open(disk, "/tmp/a")
      done(Names.unlink(disk, "/tmp/a"))
      const buffer = new Uint8Array(4)
      same([file.read([buffer], 0), disk.usage().bytes > before], [4, true])
      file.close()
      same(disk.usage().bytes, before)
    }
  },
  {
    name: "a rename onto another name of the same file leaves both",
    check: () => {
      const disk = makeDisk()
      put(disk, "/tmp/a", "data")
      done(Names.link(disk, "/tmp/a", "/tmp/b"))
      done(Names.rename(disk, "/tmp/a", "/tmp/b"))
      same([contentOf(disk, "/tmp/a"), contentOf(disk, "/tmp/b")], ["data", "data"])
    }
  },
  {
    name: "a folder is not moved into itself, nor removed while something is in it",
    check: () => {
      const disk = makeDisk()
      done(Names.createDirectory(disk, "/tmp/a", 0o777))
      done(Names.createDirectory(disk, "/tmp/a/b", 0o777))
      same(Names.rename(disk, "/tmp/a", "/tmp/a/b/c"), "invalidArgument")
      same(Names.removeDirectory(disk, "/tmp/a"), "notEmpty")
    }
  },
  {
    name: "a name has 255 bytes at most",
    check: () => {
      const disk = makeDisk()
      same(find(disk, `/tmp/${"x".repeat(255)}`), "notFound")
      same(find(disk, `/tmp/${"x".repeat(256)}`), "nameTooLong")
    }
  },
  {
    name: "an exclusive create does not follow a link",
    check: () => {
      const disk = makeDisk()
      done(Names.symlink(disk, "nowhere", "/tmp/a"))
      same(openFile(disk, request("/tmp/a", { create: "exclusive" })), "alreadyExists")
    }
  },
  {
    name: "permission bits are those of the owner, for whom they are",
    check: () => {
      const disk = makeDisk()
      put(disk, "/tmp/a", "data")
      done(Names.setMode(disk, "/tmp/a", 0o077))
      same(openFile(disk, request("/tmp/a", { access: "read" })), "permissionDenied")
    }
  }
]
