/** Bytes of open files: cursors, positions, holes, and files without a name. */
import { describe, expect, it } from "vitest"
import { fileBytesMax } from "../../src/disk/OpenFile.ts"
import {
  append,
  bytesOf,
  contentOf,
  done,
  makeDisk,
  Names,
  open,
  put,
  textOf,
  value
} from "./TestDisk.ts"

const read = (file: ReturnType<typeof open>, bytes: number, position?: number) => {
  const buffer = new Uint8Array(bytes).fill(1)
  const count = value(file.read([buffer], position))
  return textOf(buffer.subarray(0, count))
}

describe("an open file", () => {
  it("reads and writes at its cursor, which positions leave alone", () => {
    const file = open(makeDisk(), "/tmp/a")
    expect(file.write([bytesOf("hello "), bytesOf("world")], undefined)).toBe(11)
    expect(file.write([bytesOf("J")], 0)).toBe(1)
    expect(read(file, 5)).toBe("")
    expect(read(file, 5, 0)).toBe("Jello")
    expect(file.write([bytesOf("!")], undefined)).toBe(1)
    expect(read(file, 100, 6)).toBe("world!")
    expect(read(file, 5, 100)).toBe("")
  })

  it("fills several buffers in order", () => {
    const disk = makeDisk()
    put(disk, "/tmp/a", "abcdefgh")
    const file = open(disk, "/tmp/a")
    const buffers = [new Uint8Array(3), new Uint8Array(2), new Uint8Array(10)]
    expect(file.read(buffers, 1)).toBe(7)
    expect(buffers.map(textOf).join("|")).toBe(`bcd|ef|gh${"\0".repeat(8)}`)
  })

  it("appends whatever the position is", () => {
    const disk = makeDisk()
    put(disk, "/tmp/a", "one")
    const file = open(disk, "/tmp/a", { append: true })
    expect(file.write([bytesOf("two")], 0)).toBe(3)
    append(disk, "/tmp/a", "three")
    expect(file.write([bytesOf("four")], undefined)).toBe(4)
    expect(contentOf(disk, "/tmp/a")).toBe("onetwothreefour")
  })

  it("has zeroes where nothing was written, and takes no space for them", () => {
    const disk = makeDisk()
    const before = disk.usage().bytes
    const file = open(disk, "/tmp/a")
    value(file.write([bytesOf("end")], 1e9))
    expect(read(file, 3, 5e8)).toBe("\0\0\0")
    expect(disk.usage().bytes - before).toBeLessThan(2 * 4096)
    expect(file.truncate(2e9)).toBeUndefined()
    expect(read(file, 4, 1e9)).toBe("end\0")
  })

  it("is zeroes again where it was cut and grew", () => {
    const disk = makeDisk()
    put(disk, "/tmp/a", "x".repeat(10_000))
    const file = open(disk, "/tmp/a")
    expect(file.truncate(5000)).toBeUndefined()
    expect(file.truncate(9000)).toBeUndefined()
    expect(contentOf(disk, "/tmp/a")).toBe("x".repeat(5000) + "\0".repeat(4000))
  })

  it("keeps its bytes when its last name goes, until it is closed", () => {
    const disk = makeDisk()
    const before = disk.usage()
    put(disk, "/tmp/a", "x".repeat(5000))
    const file = open(disk, "/tmp/a")
    done(Names.unlink(disk, "/tmp/a"))
    put(disk, "/tmp/a", "another")
    expect(read(file, 3, 4997)).toBe("xxx")
    value(file.write([bytesOf("y")], 5000))
    expect(contentOf(disk, "/tmp/a")).toBe("another")
    done(Names.unlink(disk, "/tmp/a"))
    expect(disk.usage().inodes).toBe(before.inodes + 1)
    file.close()
    file.close()
    expect([disk.usage().inodes, disk.usage().bytes]).toEqual([before.inodes, before.bytes])
  })

  it("takes a file's place with its descriptors still on the old one", () => {
    const disk = makeDisk()
    put(disk, "/tmp/a", "old")
    const file = open(disk, "/tmp/a")
    put(disk, "/tmp/b", "new")
    done(Names.rename(disk, "/tmp/b", "/tmp/a"))
    expect([read(file, 3, 0), contentOf(disk, "/tmp/a")]).toEqual(["old", "new"])
  })

  it("is empty when it was opened to be cut", () => {
    const disk = makeDisk()
    put(disk, "/tmp/a", "old")
    open(disk, "/tmp/a", { truncate: true })
    expect(contentOf(disk, "/tmp/a")).toBe("")
  })

  it("refuses what it was not opened for, and what is too long", () => {
    const disk = makeDisk()
    put(disk, "/tmp/a", "old")
    const reader = open(disk, "/tmp/a", { access: "read" })
    const writer = open(disk, "/tmp/a", { access: "write" })
    const folder = open(disk, "/tmp", { access: "read", create: "never" })
    const one = [bytesOf("x")]
    expect(reader.write(one, 0)).toBe("badDescriptor")
    expect(writer.read(one, 0)).toBe("badDescriptor")
    expect(folder.read(one, 0)).toBe("isADirectory")
    expect(reader.truncate(0)).toBe("invalidArgument")
    expect(writer.truncate(fileBytesMax + 1)).toBe("fileTooLarge")
    expect(writer.write(one, fileBytesMax)).toBe("fileTooLarge")
    expect(writer.write([bytesOf("xyz")], fileBytesMax - 2)).toBe(2)
  })
})
