/** What a loss of power leaves: what was synced, and of the rest what POSIX allows. */
import { describe, expect, it } from "vitest"
import type { CrashMode } from "../../src/disk/crash.ts"
import type { Disk } from "../../src/disk/Disk.ts"
import { Prng } from "../../src/Prng.ts"
import {
  append,
  bytesOf,
  contentOf,
  done,
  list,
  makeDisk,
  Names,
  open,
  put,
  sync,
  value
} from "./TestDisk.ts"

const mkdir = (disk: Disk, path: string) => done(Names.createDirectory(disk, path, 0o777))
const rename = (disk: Disk, from: string, to: string) => done(Names.rename(disk, from, to))

/** All states that a mode leaves, over many seeds. */
const states = (mode: CrashMode, prepare: (disk: Disk) => void, look: (disk: Disk) => unknown) => {
  const found = new Set<string>()
  for (let seed = 0; seed < 100; seed++) {
    const disk = makeDisk({}, seed)
    prepare(disk)
    disk.crash(mode)
    found.add(JSON.stringify(look(disk)))
  }
  return [...found].sort()
}

/** /tmp/a is there with "old", durable. */
const withOld = (disk: Disk): void => {
  put(disk, "/tmp/a", "old")
  sync(disk, "/tmp/a")
  sync(disk, "/tmp")
}

describe("what was synced", () => {
  it("of a folder that nobody synced into its parent is lost with the folder", () => {
    const disk = makeDisk()
    mkdir(disk, "/tmp/folder")
    put(disk, "/tmp/folder/a", "data")
    sync(disk, "/tmp/folder/a")
    sync(disk, "/tmp/folder")
    disk.crash("all")
    expect(list(disk, "/tmp")).toEqual([])
  })
})

describe("a rename", () => {
  const replace = (disk: Disk, syncs: { readonly file: boolean; readonly folder: boolean }) => {
    withOld(disk)
    put(disk, "/tmp/b", "new")
    if (syncs.file) sync(disk, "/tmp/b")
    rename(disk, "/tmp/b", "/tmp/a")
    if (syncs.folder) sync(disk, "/tmp")
  }
  const look = (disk: Disk) => [list(disk, "/tmp"), contentOf(disk, "/tmp/a")]

  it("is whole or not at all, and the file's content follows its own sync", () => {
    const prepare = (disk: Disk) => replace(disk, { file: true, folder: false })
    expect(states("random", prepare, look)).toEqual([
      '[["a","b"],"old"]',
      '[["a"],"new"]',
      '[["a"],"old"]'
    ])
  })

  it("lasts when the directory was synced", () => {
    const prepare = (disk: Disk) => replace(disk, { file: true, folder: true })
    expect(states("all", prepare, look)).toEqual(['[["a"],"new"]'])
  })

  it("of a file that was not synced may leave nothing of both contents", () => {
    const prepare = (disk: Disk) => replace(disk, { file: false, folder: true })
    expect(states("all", prepare, look)).toEqual(['[["a"],""]'])
    expect(states("random", prepare, look)).toContain('[["a"],"\\u0000\\u0000\\u0000"]')
  })

  it("in the place of a file keeps its content on ext4 (auto_da_alloc)", () => {
    const prepare = (disk: Disk) => {
      disk.profile = "ext4"
      replace(disk, { file: false, folder: false })
    }
    const left = states("random", prepare, (disk) => contentOf(disk, "/tmp/a"))
    expect(left).toEqual(['"new"', '"old"'])
    const cut = (disk: Disk) => {
      disk.profile = "ext4"
      withOld(disk)
      const file = open(disk, "/tmp/a", { truncate: true })
      value(file.write([bytesOf("new")], 0))
      file.close()
    }
    expect(states("all", cut, (disk) => contentOf(disk, "/tmp/a"))).toEqual(['"new"'])
  })

  it("between directories is one change, which either sync makes durable", () => {
    for (const folder of ["/tmp/one", "/tmp/two"]) {
      const disk = makeDisk()
      mkdir(disk, "/tmp/one")
      mkdir(disk, "/tmp/two")
      put(disk, "/tmp/one/a", "data")
      sync(disk, "/tmp/one/a")
      sync(disk, "/tmp/one")
      sync(disk, "/tmp")
      rename(disk, "/tmp/one/a", "/tmp/two/a")
      sync(disk, folder)
      disk.crash("all")
      expect([list(disk, "/tmp/one"), contentOf(disk, "/tmp/two/a")]).toEqual([[], "data"])
    }
  })
})

describe("no crash loses a durable file that was only moved", () => {
  // Each ends with the file somewhere, whatever is lost.
  const moves: ReadonlyArray<readonly [string, (disk: Disk) => void]> = [
    [
      "back and forth",
      (disk) =>
        ["b", "c", "a"].forEach((to, at) => {
          rename(disk, `/tmp/${["a", "b", "c"][at]}`, `/tmp/${to}`)
        })
    ],
    [
      "into a new folder",
      (disk) => {
        mkdir(disk, "/tmp/new")
        rename(disk, "/tmp/a", "/tmp/new/a")
      }
    ],
    [
      "into a new folder in a new folder",
      (disk) => {
        mkdir(disk, "/tmp/new")
        mkdir(disk, "/tmp/new/er")
        rename(disk, "/tmp/a", "/tmp/new/er/a")
        sync(disk, "/tmp/new/er")
      }
    ],
    [
      "out of a folder that is removed",
      (disk) => {
        mkdir(disk, "/tmp/new")
        rename(disk, "/tmp/a", "/tmp/new/a")
        sync(disk, "/tmp")
        sync(disk, "/tmp/new")
        rename(disk, "/tmp/new/a", "/tmp/b")
        done(Names.removeDirectory(disk, "/tmp/new"))
      }
    ],
    [
      "by another name",
      (disk) => {
        done(Names.link(disk, "/tmp/a", "/tmp/b"))
        done(Names.unlink(disk, "/tmp/a"))
      }
    ],
    [
      "with folders that change places",
      (disk) => {
        mkdir(disk, "/tmp/x")
        mkdir(disk, "/tmp/y")
        rename(disk, "/tmp/a", "/tmp/x/a")
        sync(disk, "/tmp")
        sync(disk, "/tmp/x")
        sync(disk, "/tmp/y")
        rename(disk, "/tmp/x", "/tmp/y/x")
        rename(disk, "/tmp/y/x", "/tmp/x")
        rename(disk, "/tmp/y", "/tmp/x/y")
      }
    ]
  ]

  const places = (disk: Disk, path: string): ReadonlyArray<string> =>
    list(disk, path).flatMap((name) => {
      const inner = `${path}/${name}`
      const content = contentOf(disk, inner)
      if (content === undefined) return places(disk, inner)
      return content === "old" ? [inner] : []
    })

  it.each(moves)("%s", (_, move) => {
    for (const mode of ["all", "random", "prefix", "reorderedWithinFlush"] as const) {
      const prepare = (disk: Disk) => {
        withOld(disk)
        move(disk)
      }
      for (const state of states(mode, prepare, (disk) => places(disk, "/tmp"))) {
        expect(state).not.toBe("[]")
      }
    }
  })

  it("and one name stays one name", () => {
    const prepare = (disk: Disk) => {
      withOld(disk)
      moves[0]![1](disk)
    }
    for (const state of states("random", prepare, (disk) => places(disk, "/tmp"))) {
      expect(JSON.parse(state)).toHaveLength(1)
    }
  })
})

describe("the draws of a crash", () => {
  it("give the same disk each time", () => {
    const run = (seed: number) => {
      const disk = makeDisk()
      for (let count = 0; count < 20; count++) append(disk, `/tmp/${count % 3}`, "x".repeat(700))
      const report = disk.crash("random", new Prng(seed, 8))
      return [report, list(disk, "/tmp").map((name) => contentOf(disk, `/tmp/${name}`))]
    }
    expect(run(7)).toEqual(run(7))
    expect(run(7)).not.toEqual(run(8))
  })
})

describe("after a crash", () => {
  it("what was opened before fails, and what is new works", () => {
    const disk = makeDisk()
    withOld(disk)
    const file = open(disk, "/tmp/a")
    disk.crash("none")
    const buffers = [bytesOf("x")]
    expect(file.read(buffers, 0)).toBe("deviceError")
    expect(file.write(buffers, 0)).toBe("deviceError")
    expect(file.truncate(0)).toBe("deviceError")
    expect(file.sync(false)).toBe("deviceError")
    file.close()
    put(disk, "/tmp/a", "new")
    expect(contentOf(disk, "/tmp/a")).toBe("new")
  })

  it("space and links are counted anew, without files that only a descriptor led to", () => {
    const disk = makeDisk()
    const fresh = disk.usage()
    put(disk, "/tmp/a", "x".repeat(10_000))
    open(disk, "/tmp/a")
    done(Names.unlink(disk, "/tmp/a"))
    disk.crash("none")
    expect([disk.usage().bytes, disk.usage().inodes]).toEqual([fresh.bytes, fresh.inodes])
    withOld(disk)
    done(Names.link(disk, "/tmp/a", "/tmp/b"))
    disk.crash("all")
    expect(open(disk, "/tmp/a").inode.links).toBe(1)
    expect(disk.usage().pendingChanges).toBe(0)
  })

  it("a removed file is back when its removal was not durable", () => {
    const disk = makeDisk()
    withOld(disk)
    done(Names.unlink(disk, "/tmp/a"))
    disk.crash("all")
    expect(contentOf(disk, "/tmp/a")).toBe("old")
  })

  it("the folders of the beginning are there, and after a wipe nothing else is", () => {
    const disk = makeDisk()
    withOld(disk)
    disk.wipe()
    expect([list(disk, "/"), list(disk, "/tmp")]).toEqual([["home", "run", "tmp"], []])
    value(open(disk, "note").inode.number)
  })
})
