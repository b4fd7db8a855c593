/** Names on a disk: what Linux answers. */
import { describe, expect, it } from "vitest"
import type { Disk } from "../../src/disk/Disk.ts"
import { find, lookup, realPath } from "../../src/disk/Lookup.ts"
import { openFile } from "../../src/disk/OpenFile.ts"
import { contentOf, done, list, makeDisk, Names, open, put, request } from "./TestDisk.ts"

const mkdir = (disk: Disk, path: string) => done(Names.createDirectory(disk, path, 0o777))
const kindAt = (disk: Disk, path: string) => {
  const inode = find(disk, path, false)
  return typeof inode === "string" ? inode : inode.kind
}

/** /tmp/file, /tmp/folder/inner, /tmp/empty, /tmp/link → file, /tmp/gone → nothing, a loop. */
const furnished = (): Disk => {
  const disk = makeDisk()
  put(disk, "/tmp/file", "content")
  mkdir(disk, "/tmp/folder")
  mkdir(disk, "/tmp/empty")
  put(disk, "/tmp/folder/inner", "")
  done(Names.symlink(disk, "file", "/tmp/link"))
  done(Names.symlink(disk, "nowhere", "/tmp/gone"))
  done(Names.symlink(disk, "/tmp/folder", "/tmp/way"))
  done(Names.symlink(disk, "two", "/tmp/one"))
  done(Names.symlink(disk, "one", "/tmp/two"))
  return disk
}

describe("a path", () => {
  it.each([
    ["/tmp/file", "file"],
    ["/tmp/folder/../file", "file"],
    ["/tmp/./folder//inner", "file"],
    ["/../tmp", "directory"],
    ["/", "directory"],
    ["", "notFound"],
    ["/tmp/nothing", "notFound"],
    ["/tmp/nothing/inner", "notFound"],
    ["/tmp/file/inner", "notADirectory"],
    ["/tmp/file/..", "notADirectory"],
    ["/tmp/file/", "notADirectory"],
    ["/tmp/folder/", "directory"],
    ["/tmp/link", "symlink"],
    ["/tmp/link/", "notADirectory"],
    ["/tmp/way/inner", "file"],
    ["/tmp/way/", "directory"],
    ["/tmp/gone/", "notFound"],
    ["/tmp/one/x", "symlinkLoop"],
    [`/tmp/${"x".repeat(255)}`, "notFound"],
    [`/tmp/${"x".repeat(256)}`, "nameTooLong"],
    [`/tmp/${"é".repeat(128)}`, "nameTooLong"],
    ["/tmp/".padEnd(4095, "/x"), "notFound"],
    ["/tmp/".padEnd(4096, "/x"), "nameTooLong"]
  ])("%s is: %s", (path, expected) => {
    expect(kindAt(furnished(), path)).toBe(expected)
  })

  it("begins in the working directory when it is relative", () => {
    const disk = makeDisk()
    put(disk, "note", "here")
    expect(contentOf(disk, "/home/note")).toBe("here")
    expect(realPath(disk, "note")).toEqual({ path: "/home/note" })
  })

  it("leads through forty links, and no more", () => {
    const disk = makeDisk()
    put(disk, "/tmp/0", "end")
    for (let count = 1; count <= 41; count++) {
      done(Names.symlink(disk, `${count - 1}`, `/tmp/${count}`))
    }
    expect(contentOf(disk, "/tmp/40")).toBe("end")
    expect(find(disk, "/tmp/41")).toBe("symlinkLoop")
  })

  it("is real without links and dots", () => {
    const disk = furnished()
    expect(realPath(disk, "/tmp/way/../way/inner")).toEqual({ path: "/tmp/folder/inner" })
    expect(realPath(disk, "/tmp/link")).toEqual({ path: "/tmp/file" })
    expect(realPath(disk, "/")).toEqual({ path: "/" })
    expect(realPath(disk, "/tmp/gone")).toBe("notFound")
    expect(realPath(disk, "/tmp/one")).toBe("symlinkLoop")
  })

  it("needs leave to search every directory on the way", () => {
    const disk = furnished()
    done(Names.setMode(disk, "/tmp/folder", 0o600))
    expect(find(disk, "/tmp/folder/inner")).toBe("permissionDenied")
    expect(lookup(disk, "/tmp/folder", true)).not.toBe("permissionDenied")
    const superuser = makeDisk({ process: { user: 0, group: 0 } })
    done(Names.createDirectory(superuser, "/tmp/closed", 0))
    expect(find(superuser, "/tmp/closed/x")).toBe("notFound")
  })
})

describe("opening", () => {
  const attempt = (path: string, options: Parameters<typeof request>[1]) => {
    const opened = openFile(furnished(), request(path, options))
    return typeof opened === "string" ? opened : opened.inode.kind
  }

  it.each([
    ["/tmp/file", {}, "file"],
    ["/tmp/new", { create: "never" }, "notFound"],
    ["/tmp/new", { create: "exclusive" }, "file"],
    ["/tmp/file", { create: "exclusive" }, "alreadyExists"],
    ["/tmp/gone", { create: "exclusive" }, "alreadyExists"],
    ["/tmp/gone", { create: "ifMissing" }, "file"],
    ["/tmp/gone", { create: "never" }, "notFound"],
    ["/tmp/link", { create: "never", noFollow: true }, "symlinkLoop"],
    ["/tmp/one", { create: "never" }, "symlinkLoop"],
    ["/tmp/folder", { access: "read", create: "never" }, "directory"],
    ["/tmp/folder", { access: "read", create: "never", truncate: true }, "isADirectory"],
    ["/tmp/folder", { access: "write", create: "never" }, "isADirectory"],
    ["/tmp/folder", { access: "read" }, "isADirectory"],
    ["/tmp/new/", {}, "isADirectory"],
    ["/tmp/file/", { create: "never" }, "notADirectory"],
    ["/tmp/nothing/new", {}, "notFound"],
    ["/tmp/file/new", {}, "notADirectory"]
  ] as const)("%s with %o: %s", (path, options, expected) => {
    expect(attempt(path, options)).toBe(expected)
  })

  it("needs leave for what it asks for", () => {
    const disk = furnished()
    done(Names.setMode(disk, "/tmp/file", 0o400))
    const refused = (options: Parameters<typeof request>[1]) =>
      openFile(disk, request("/tmp/file", { create: "never", ...options }))
    expect(refused({ access: "write" })).toBe("permissionDenied")
    expect(refused({ access: "read", truncate: true })).toBe("permissionDenied")
    expect(refused({ access: "read" })).not.toBe("permissionDenied")
    done(Names.setMode(disk, "/tmp/empty", 0o555))
    expect(openFile(disk, request("/tmp/empty/new"))).toBe("permissionDenied")
  })

  it("creates with the bits that are not masked", () => {
    const disk = makeDisk()
    expect(open(disk, "/tmp/a", { mode: 0o666 }).inode.mode).toBe(0o644)
    expect(open(disk, "/tmp/b", { mode: 0o600 }).inode.mode).toBe(0o600)
  })
})

const { link, readLink, removeDirectory, rename, unlink } = Names
const onTwo = { link, rename }
const onOne = { readLink, removeDirectory, unlink }

describe("names are refused as on Linux", () => {
  it.each([
    ["link", "/tmp/folder", "/tmp/new", "notPermitted"],
    ["link", "/tmp/nothing", "/tmp/new", "notFound"],
    ["link", "/tmp/file", "/tmp/link", "alreadyExists"],
    ["link", "/tmp/file", "/tmp/new/", "notFound"],
    ["rename", "/tmp/nothing", "/tmp/new", "notFound"],
    ["rename", "/tmp/folder", "/tmp/folder/inside", "invalidArgument"],
    ["rename", "/tmp/folder/inner", "/tmp/folder", "notEmpty"],
    ["rename", "/tmp/empty", "/tmp/folder", "notEmpty"],
    ["rename", "/tmp/file", "/tmp/empty", "isADirectory"],
    ["rename", "/tmp/empty", "/tmp/file", "notADirectory"],
    ["rename", "/tmp/file", "/tmp/new/", "notADirectory"],
    ["rename", "/tmp/file", "/tmp/nothing/new", "notFound"],
    ["rename", "/tmp/folder/.", "/tmp/new", "busy"],
    ["rename", "/tmp/empty", "/tmp/new/", undefined],
    ["rename", "/tmp/file", "/tmp/file", undefined]
  ] as const)("%s %s to %s: %s", (what, from, to, expected) => {
    expect(onTwo[what](furnished(), from, to)).toBe(expected)
  })

  it.each([
    ["unlink", "/tmp/folder", "isADirectory"],
    ["unlink", "/tmp/folder/..", "isADirectory"],
    ["unlink", "/tmp/file/", "notADirectory"],
    ["unlink", "/tmp/nothing", "notFound"],
    ["unlink", "/tmp/gone", undefined],
    ["removeDirectory", "/tmp/folder", "notEmpty"],
    ["removeDirectory", "/tmp/file", "notADirectory"],
    ["removeDirectory", "/tmp/way", "notADirectory"],
    ["removeDirectory", "/tmp/empty/.", "invalidArgument"],
    ["removeDirectory", "/tmp/empty/..", "notEmpty"],
    ["removeDirectory", "/", "busy"],
    ["removeDirectory", "/tmp/empty/", undefined],
    ["readLink", "/tmp/file", "invalidArgument"]
  ] as const)("%s %s: %s", (what, path, expected) => {
    expect(onOne[what](furnished(), path)).toBe(expected)
  })

  it("createDirectory and symlink where something is: alreadyExists", () => {
    const disk = furnished()
    for (const path of ["/tmp/file", "/tmp/folder", "/tmp/gone", "/", "/tmp/."]) {
      expect(Names.createDirectory(disk, path, 0o777)).toBe("alreadyExists")
      expect(Names.symlink(disk, "x", path)).toBe("alreadyExists")
    }
    expect(Names.symlink(disk, "", "/tmp/new")).toBe("notFound")
    expect(Names.symlink(disk, "x".repeat(4096), "/tmp/new")).toBe("nameTooLong")
  })

  it("without leave to write the directory, nothing in it can change", () => {
    const disk = furnished()
    done(Names.setMode(disk, "/tmp/folder", 0o555))
    expect(Names.unlink(disk, "/tmp/folder/inner")).toBe("permissionDenied")
    expect(Names.rename(disk, "/tmp/folder/inner", "/tmp/x")).toBe("permissionDenied")
    expect(Names.rename(disk, "/tmp/file", "/tmp/folder/x")).toBe("permissionDenied")
    expect(Names.link(disk, "/tmp/file", "/tmp/folder/x")).toBe("permissionDenied")
    expect(Names.createDirectory(disk, "/tmp/folder/x", 0o777)).toBe("permissionDenied")
  })
})

describe("names", () => {
  it("count their links", () => {
    const disk = furnished()
    const inode = find(disk, "/tmp/file")
    if (typeof inode === "string") throw new Error(inode)
    done(Names.link(disk, "/tmp/file", "/tmp/other"))
    expect(inode.links).toBe(2)
    done(Names.rename(disk, "/tmp/file", "/tmp/other"))
    expect([inode.links, list(disk, "/tmp").includes("file")]).toEqual([2, true])
    done(Names.unlink(disk, "/tmp/other"))
    expect(inode.links).toBe(1)
    const folder = find(disk, "/tmp/folder")
    if (typeof folder === "string") throw new Error(folder)
    mkdir(disk, "/tmp/folder/sub")
    expect(folder.links).toBe(3)
    done(Names.rename(disk, "/tmp/folder/sub", "/tmp/sub"))
    expect(folder.links).toBe(2)
  })

  it("of a directory that moved lead to where it is", () => {
    const disk = furnished()
    done(Names.rename(disk, "/tmp/folder", "/tmp/empty/moved"))
    expect(contentOf(disk, "/tmp/empty/moved/inner")).toBe("")
    expect(realPath(disk, "/tmp/empty/moved/..")).toEqual({ path: "/tmp/empty" })
  })

  it("give nothing to a directory that was removed", () => {
    const disk = makeDisk()
    mkdir(disk, "/tmp/a")
    const folder = find(disk, "/tmp/a")
    if (folder === "notFound" || typeof folder === "string") throw new Error("gone")
    if (folder.kind !== "directory") throw new Error(folder.kind)
    disk.workingDirectory = folder
    done(Names.removeDirectory(disk, "/tmp/a"))
    expect(openFile(disk, request("new"))).toBe("notFound")
    expect(Names.createDirectory(disk, "new", 0o777)).toBe("notFound")
  })
})
