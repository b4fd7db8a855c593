import type { FileStat } from "@portico/core/FileStat"
import type { WatchEvent } from "@portico/core/WatchEvent"
import { describe, expect, it } from "vitest"
import { type Finding, settle } from "../../src/internal/watch/settle.ts"

const file = (inode: number, change: Partial<FileStat> = {}): FileStat => ({
  kind: "file",
  bytes: 1n,
  mode: 0o644,
  links: 1,
  user: 0,
  group: 0,
  device: 1n,
  inode: BigInt(inode),
  accessedNanos: 0n,
  modifiedNanos: 1n,
  changedNanos: 1n,
  createdNanos: BigInt(inode * 10),
  ...change
})

const directory = (inode: number, change: Partial<FileStat> = {}): FileStat =>
  file(inode, { kind: "directory", ...change })

type Row = readonly [path: string, before: FileStat | undefined, after: FileStat | undefined]

const line = (event: WatchEvent): string => {
  switch (event._tag) {
    case "Renamed":
      return `${event.from} → ${event.to}`
    case "Created":
      return `+ ${event.path}`
    case "Deleted":
      return `- ${event.path}`
    case "Modified":
      return `${event.isReplaced ? "replaced" : "~"} ${event.path}`
    default:
      return event._tag
  }
}

const events = (rows: ReadonlyArray<Row>, touched: ReadonlyArray<string> = []) =>
  settle(
    new Map(
      rows.map(([path, before, after]): [string, Finding] => [
        path,
        { before, after, isTouched: touched.includes(path) }
      ])
    )
  ).map(line)

describe("settle", () => {
  it("tells what came, went and changed, and nothing of what is as it was", () => {
    const rows: ReadonlyArray<Row> = [
      ["/w/a", undefined, file(1)],
      ["/w/b", file(2), undefined],
      ["/w/c", file(3), file(3, { bytes: 2n })],
      ["/w/d", file(4), file(4)],
      ["/w/e", undefined, undefined]
    ]
    expect(events(rows)).toEqual(["+ /w/a", "- /w/b", "~ /w/c"])
  })

  it("tells a change that the host saw though nothing shows it", () => {
    expect(events([["/w/a", file(1), file(1)]], ["/w/a"])).toEqual(["~ /w/a"])
    expect(events([["/w/d", directory(1), directory(1, { modifiedNanos: 9n })]], ["/w/d"])).toEqual(
      []
    )
  })

  it("tells one file under two names as a rename, and a change besides", () => {
    expect(
      events([
        ["/w/a", file(1), undefined],
        ["/w/b", undefined, file(1, { changedNanos: 5n })]
      ])
    ).toEqual(["/w/a → /w/b"])
    expect(
      events([
        ["/w/a", file(1), undefined],
        ["/w/b", undefined, file(1, { bytes: 9n })]
      ])
    ).toEqual(["/w/a → /w/b", "~ /w/b"])
  })

  it("does not take a new file for the one whose inode it was given", () => {
    expect(
      events([
        ["/w/a", file(1, { createdNanos: 1n }), undefined],
        ["/w/b", undefined, file(1, { createdNanos: 2n })]
      ])
    ).toEqual(["- /w/a", "+ /w/b"])
  })

  it("knows a renamed file where the host has no birth time, by what did not change", () => {
    const before = file(1, { createdNanos: 3n, changedNanos: 3n })
    const after = file(1, { createdNanos: 4n, changedNanos: 4n })
    expect(
      events([
        ["/w/a", before, undefined],
        ["/w/b", undefined, after]
      ])
    ).toEqual(["/w/a → /w/b"])
  })

  it("tells a replaced file as one event", () => {
    expect(events([["/w/a", file(1), file(2)]])).toEqual(["replaced /w/a"])
    expect(
      events([
        ["/w/a", file(1), file(2)],
        ["/w/a.tmp", file(2), undefined]
      ])
    ).toEqual(["/w/a.tmp → /w/a"])
  })

  it("tells a directory that took a file's name as two events", () => {
    expect(events([["/w/a", file(1), directory(2)]])).toEqual(["- /w/a", "+ /w/a"])
  })

  it("tells a rotation of logs in the order in which it happened", () => {
    const rows: ReadonlyArray<Row> = [
      ["/w/log", file(1), file(3)],
      ["/w/log.1", file(2), file(1)],
      ["/w/log.2", undefined, file(2)]
    ]
    const expected = ["/w/log.1 → /w/log.2", "/w/log → /w/log.1", "+ /w/log"]
    expect(events(rows)).toEqual(expected)
    expect(events(rows.toReversed())).toEqual(expected)
  })

  it("tells a renamed directory by itself, and what changed in it under its new name", () => {
    expect(
      events([
        ["/w/a", directory(1), undefined],
        ["/w/a/x", file(2), undefined],
        ["/w/a/y", file(3), undefined],
        ["/w/b", undefined, directory(1)],
        ["/w/b/x", undefined, file(2)],
        ["/w/b/z", undefined, file(4)]
      ])
    ).toEqual(["- /w/a/y", "/w/a → /w/b", "+ /w/b/z"])
  })

  it("puts a directory before what comes into it, and after what leaves it", () => {
    expect(
      events([
        ["/w/d/a", undefined, file(1)],
        ["/w/a", file(1), undefined],
        ["/w/d", undefined, directory(5)]
      ])
    ).toEqual(["+ /w/d", "/w/a → /w/d/a"])
    expect(
      events([
        ["/w/d", directory(5), undefined],
        ["/w/d/a", file(1), undefined],
        ["/w/a", undefined, file(1)]
      ])
    ).toEqual(["/w/d/a → /w/a", "- /w/d"])
  })

  it("tells a rotation of a thousand logs as renames, in whatever order they were found", () => {
    const numbers = Array.from({ length: 1_000 }, (_, number) => number)
    const rows = numbers.map((number): Row => {
      const before = number < 999 ? file(number + 1) : undefined
      return [`/w/log.${number}`, before, number === 0 ? undefined : file(number)]
    })
    const renames = numbers.slice(1).map((number) => `/w/log.${number - 1} → /w/log.${number}`)
    expect(events(rows)).toEqual(renames.toReversed())
    expect(events(rows.toReversed())).toEqual(renames.toReversed())
    expect(events(rows.toSorted(([a], [b]) => (a < b ? -1 : 1)))).toEqual(renames.toReversed())
  })

  it("tells ten thousand pairs that changed places, some as renames, all in their place", () => {
    const rows = Array.from({ length: 20_000 }, (_, index): Row => {
      return [`/w/${index}`, file(index + 1), file((index ^ 1) + 1)]
    })
    const told = events(rows)
    const renames = told.filter((text) => text.includes("→"))
    expect(renames).toHaveLength(4)
    expect(told).toHaveLength(20_000)
  })

  it("tells two files that changed places as one rename, since no order of two is true", () => {
    const rows: ReadonlyArray<Row> = [
      ["/w/a", file(1), file(2)],
      ["/w/b", file(2), file(1)]
    ]
    expect(events(rows)).toEqual(["/w/a → /w/b", "+ /w/a"])
  })

  it("tells a file to leave a renamed directory by its new name, if it goes into it", () => {
    const rows: ReadonlyArray<Row> = [
      ["/w/a", directory(1), undefined],
      ["/w/a/c", directory(2), undefined],
      ["/w/b", undefined, directory(1)],
      ["/w/b/d", undefined, directory(2)]
    ]
    expect(events(rows)).toEqual(["/w/a → /w/b", "/w/b/c → /w/b/d"])
  })

  it("tells a directory and one in it that changed places as gone and come", () => {
    const rows: ReadonlyArray<Row> = [
      ["/w/c", directory(1), directory(2)],
      ["/w/c/b", directory(2), directory(1)],
      ["/w/c/b/a", file(3), undefined],
      ["/w/c/a", undefined, file(3)]
    ]
    const gone = ["- /w/c/b/a", "- /w/c/b", "- /w/c"]
    expect(events(rows)).toEqual([...gone, "+ /w/c", "+ /w/c/b", "+ /w/c/a"])
  })

  it("tells all of a directory that another one took the name of", () => {
    const rows: ReadonlyArray<Row> = [
      ["/w/a", directory(1), directory(2)],
      ["/w/a/x", file(3), file(4)],
      ["/w/a/y", file(5), file(5)]
    ]
    const told = ["- /w/a/x", "- /w/a/y", "- /w/a", "+ /w/a", "+ /w/a/x", "+ /w/a/y"]
    expect(events(rows)).toEqual(told)
  })
})
