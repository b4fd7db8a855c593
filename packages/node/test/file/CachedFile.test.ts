/** What the kernel's page cache has of real files, and what it has not: of either host's FFI. */
import { type CachedFile, isAvailable } from "@portico/node/file/CachedFile"
import * as NodeTurn from "@portico/node/NodeTurn"
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statfsSync,
  writeSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import type { Cached } from "./Cached.ts"

/** ext4, XFS, Btrfs. Others (tmpfs, some overlays and networks) answer EOPNOTSUPP. */
const tellsOfCache = [0xef53, 0x58465342, 0x9123683e].includes(statfsSync(tmpdir()).type)

/** None on Node before 26. */
const cached: Cached | undefined =
  "bun" in process.versions
    ? (await import("../../../bun/test/file/bunCache.ts")).cached
    : (await import("./nodeCache.ts")).cached

const content = Uint8Array.from({ length: 65_536 }, (_, index) => index * 7 + (index >> 8))

const has = cached !== undefined && isAvailable(process.platform)

describe.runIf(has)("an open file that looks into the page cache", () => {
  const directory = mkdtempSync(join(tmpdir(), "portico-cached-"))
  let descriptor: number
  let file: CachedFile

  beforeAll(() => {
    descriptor = openSync(join(directory, "a"), "w+")
    writeSync(descriptor, content, 0, content.length, 0)
    file = new cached!.OpenFile(NodeTurn.make(), descriptor)
  })

  afterAll(() => {
    closeSync(descriptor)
    rmSync(directory, { recursive: true })
  })

  /** What it reads at once. */
  const read = (bytes: number, position?: number) => {
    const buffer = new Uint8Array(bytes)
    const count = file.readCached(buffer, position)
    return count === undefined ? undefined : buffer.subarray(0, count)
  }

  it.runIf(tellsOfCache)("reads at once what was written", () => {
    expect(read(4_096, 8_193)).toEqual(content.subarray(8_193, 12_289))
    expect(read(65_536, 0)).toEqual(content)
    expect(read(100, 65_530)).toEqual(content.subarray(65_530))
    expect(read(100, 65_536)).toEqual(new Uint8Array(0))
    expect(read(100, 2 ** 40)).toEqual(new Uint8Array(0))
  })

  it.runIf(tellsOfCache)("moves the cursor that the host's reads move", () => {
    expect(read(10)).toEqual(content.subarray(0, 10))
    const next = new Uint8Array(10)
    readSync(descriptor, next, 0, 10, null)
    expect(next).toEqual(content.subarray(10, 20))
    expect(read(10)).toEqual(content.subarray(20, 30))
  })

  it("leaves to the host what is on the disk alone", async () => {
    fsyncSync(descriptor)
    // Of 3,000 files a busy kernel kept 4, as it was looking at their pages; a second call let go.
    await vi.waitFor(() => {
      expect(cached!.advise(descriptor)).toBe(0)
      expect(read(4_096, 0)).toBeUndefined()
    })
    const buffer = new Uint8Array(4_096)
    readSync(descriptor, buffer, 0, 4_096, 0)
    expect(buffer).toEqual(content.subarray(0, 4_096))
    expect(read(4_096, 0)).toEqual(tellsOfCache ? buffer : undefined)
  })

  it.each(["/proc/self/stat", "/proc", "/dev/shm"])("knows nothing of %s", (path) => {
    const other = openSync(path, "r")
    const pseudo = new cached!.OpenFile(NodeTurn.make(), other)
    expect(pseudo.readCached(new Uint8Array(10), 0)).toBeUndefined()
    expect(pseudo.readCached(new Uint8Array(10), undefined)).toBeUndefined()
    closeSync(other)
  })
})
