/** What a loss of power may leave, and what it must. */
import type { CrashMode } from "../../../src/disk/crash.ts"
import type { Disk } from "../../../src/disk/Disk.ts"
import type { DiskCheck } from "../DiskChecks.ts"
import {
  append,
  contentOf,
  done,
  FixedDraws,
  list,
  makeDisk,
  Names,
  open,
  put,
  sync
} from "../TestDisk.ts"
import { holds, same } from "./Same.ts"

const mkdir = (disk: Disk, path: string) => done(Names.createDirectory(disk, path, 0o777))
const rename = (disk: Disk, from: string, to: string) => done(Names.rename(disk, from, to))

/** /tmp/a is there with "old", durable. */
const withOld = (disk: Disk): void => {
  put(disk, "/tmp/a", "old")
  sync(disk, "/tmp/a")
  sync(disk, "/tmp")
}

const seeds = 60

/** All states that a mode leaves, over some seeds. */
const states = <A>(mode: CrashMode, prepare: (disk: Disk) => void, look: (disk: Disk) => A) => {
  const found = new Map<string, A>()
  for (let seed = 0; seed < seeds; seed++) {
    const disk = makeDisk({}, seed)
    prepare(disk)
    disk.crash(mode)
    const state = look(disk)
    found.set(JSON.stringify(state), state)
  }
  return [...found.values()]
}

const look = (disk: Disk) => contentOf(disk, "/tmp/a")
const sorted = (found: ReadonlyArray<string | undefined>) => found.map(String).sort()

/** Where a file with the content "old" is. */
const places = (disk: Disk, path = "/tmp"): ReadonlyArray<string> =>
  list(disk, path).flatMap((name) => {
    const inner = `${path}/${name}`
    const content = contentOf(disk, inner)
    if (content === undefined) return places(disk, inner)
    return content === "old" ? [inner] : []
  })

const syncChecks: ReadonlyArray<DiskCheck> = [
  {
    name: "content lasts once the file was synced",
    check: () => same(states("all", withOld, look), ["old"])
  },
  {
    name: "content that was not synced may be lost",
    check: () => {
      const disk = makeDisk()
      withOld(disk)
      put(disk, "/tmp/a", "new")
      disk.crash("all")
      same(look(disk), "old")
    }
  },
  {
    name: "a sync of a file does not keep its name",
    check: () => {
      const disk = makeDisk()
      put(disk, "/tmp/a", "data")
      sync(disk, "/tmp/a")
      disk.crash("all")
      same(list(disk, "/tmp"), [])
    }
  },
  {
    name: "a sync of a directory does not keep what is in its files",
    check: () => {
      const disk = makeDisk()
      put(disk, "/tmp/a", "data")
      sync(disk, "/tmp")
      disk.crash("all")
      same(look(disk), "")
    }
  },
  {
    name: "a failed sync is told once, and has lost the data",
    check: () => {
      const disk = makeDisk()
      withOld(disk)
      const file = open(disk, "/tmp/a")
      put(disk, "/tmp/a", "new")
      disk.faults.failNext("sync", 1)
      same([file.sync(false), file.sync(false) ?? "ok", look(disk)], ["deviceError", "ok", "new"])
      disk.crash("none")
      same(look(disk), "old")
    }
  },
  {
    name: "a sync of data alone keeps length and not mode",
    check: () => {
      const disk = makeDisk()
      withOld(disk)
      const file = open(disk, "/tmp/a")
      done(Names.setMode(disk, "/tmp/a", 0o600))
      done(file.truncate(1))
      done(file.sync(true))
      disk.crash("all")
      same([look(disk), open(disk, "/tmp/a").inode.mode.toString(8)], ["o", "644"])
    }
  }
]

const renameChecks: ReadonlyArray<DiskCheck> = [
  {
    name: "a rename is whole or not at all, and a file has one name after it",
    check: () => {
      const move = (disk: Disk) => {
        withOld(disk)
        rename(disk, "/tmp/a", "/tmp/b")
        rename(disk, "/tmp/b", "/tmp/c")
      }
      const left = states("random", move, (disk) => places(disk).join())
      same([...left].sort(), ["/tmp/a", "/tmp/b", "/tmp/c"])
    }
  },
  {
    name: "a file that was moved into a new folder is not lost with it",
    check: () => {
      const move = (disk: Disk) => {
        withOld(disk)
        mkdir(disk, "/tmp/new")
        rename(disk, "/tmp/a", "/tmp/new/a")
        sync(disk, "/tmp/new")
      }
      same(states("all", move, places), [["/tmp/new/a"]])
    }
  },
  {
    name: "a file that was moved out of a folder is not lost with the folder",
    check: () => {
      const move = (disk: Disk) => {
        mkdir(disk, "/tmp/new")
        put(disk, "/tmp/new/a", "old")
        sync(disk, "/tmp/new/a")
        sync(disk, "/tmp/new")
        sync(disk, "/tmp")
        rename(disk, "/tmp/new/a", "/tmp/b")
        done(Names.removeDirectory(disk, "/tmp/new"))
      }
      for (const left of states("random", move, places)) same(left.length, 1)
    }
  },
  {
    name: "a file that got another name keeps one of them",
    check: () => {
      const move = (disk: Disk) => {
        withOld(disk)
        done(Names.link(disk, "/tmp/a", "/tmp/b"))
        done(Names.unlink(disk, "/tmp/a"))
      }
      for (const left of states("random", move, places)) holds(left.length > 0, "it is lost")
    }
  }
]

const two = (disk: Disk) => {
  withOld(disk)
  append(disk, "/tmp/a", "A")
  append(disk, "/tmp/a", "B")
}

const subsetChecks: ReadonlyArray<DiskCheck> = [
  {
    name: "a random crash keeps any part of two appends, or zeroes for them",
    check: () => {
      const zero = "\0"
      const parts = ["", "A", "AB", zero, `${zero}B`, `${zero}${zero}`, `A${zero}`]
      same(sorted(states("random", two, look)), sorted(parts.map((part) => `old${part}`)))
    }
  },
  {
    name: "a prefix keeps no append without the one before it",
    check: () => {
      const parts = ["", "A", "AB", "\0", "A\0"]
      same(sorted(states("prefix", two, look)), sorted(parts.map((part) => `old${part}`)))
    }
  },
  {
    name: "a device reorders nothing across a flush",
    check: () => {
      const flushed = (disk: Disk) => {
        withOld(disk)
        put(disk, "/tmp/b", "")
        append(disk, "/tmp/a", "A")
        sync(disk, "/tmp/b")
        append(disk, "/tmp/a", "B")
      }
      const left = states("reorderedWithinFlush", flushed, look)
      for (const content of left) holds(!/\0B/.test(content!), "B came without A")
      holds(left.includes("oldAB") && left.includes("oldA"), "B came always or never")
    }
  },
  {
    name: "a write is torn between sectors, and nowhere else",
    check: () => {
      const seen = new Set<number>()
      for (let seed = 0; seed < seeds; seed++) {
        const disk = makeDisk({}, seed)
        put(disk, "/tmp/a", "o".repeat(8000))
        sync(disk, "/tmp/a")
        sync(disk, "/tmp")
        put(disk, "/tmp/a", "n".repeat(4000), 3000)
        disk.crash("random")
        for (const { index } of look(disk)!.matchAll(/(?<=o)n|(?<=n)o/g)) seen.add(index)
      }
      for (const at of seen) {
        holds(at === 3000 || at === 7000 || at % 512 === 0, `it is torn at ${at}`)
      }
      holds(seen.has(4096) && seen.size > 4, "it is never torn")
    }
  },
  {
    name: "a crash that draws nothing but 0 keeps everything",
    check: () => {
      for (const mode of ["random", "prefix", "reorderedWithinFlush", "none"] as const) {
        const disk = makeDisk()
        two(disk)
        rename(disk, "/tmp/a", "/tmp/b")
        disk.crash(mode, new FixedDraws())
        same([list(disk, "/tmp"), contentOf(disk, "/tmp/b")], [["b"], "oldAB"])
      }
    }
  }
]

const afterChecks: ReadonlyArray<DiskCheck> = [
  {
    name: "what was opened before a crash fails after it",
    check: () => {
      const disk = makeDisk()
      withOld(disk)
      const file = open(disk, "/tmp/a")
      disk.crash("none")
      const buffers = [new Uint8Array(1)]
      same([file.read(buffers, 0), file.sync(false)], ["deviceError", "deviceError"])
    }
  },
  {
    name: "what is written after a crash is not durable by itself",
    check: () => {
      const disk = makeDisk()
      withOld(disk)
      disk.crash("all")
      put(disk, "/tmp/a", "new")
      disk.crash("all")
      same(look(disk), "old")
    }
  },
  {
    name: "a second crash loses no more, and brings nothing back",
    check: () => {
      for (let seed = 0; seed < seeds; seed++) {
        const disk = makeDisk({}, seed)
        two(disk)
        disk.crash("random")
        const once = look(disk)
        disk.crash(seed % 2 === 0 ? "all" : "none")
        same(look(disk), once)
      }
    }
  }
]

export const crashChecks = [...syncChecks, ...renameChecks, ...subsetChecks, ...afterChecks]
