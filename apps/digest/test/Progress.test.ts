import { describe, expect, it } from "vitest"
import * as Progress from "../src/Progress.ts"

const GiB = 1_024 ** 3

describe("a size", () => {
  it.for([
    [0, "0 B"],
    [1_023, "1023 B"],
    [1_024, "1.0 KiB"],
    [1.4 * GiB, "1.4 GiB"],
    [640 * GiB, "640 GiB"],
    [2 ** 60, "1024 PiB"]
  ] as const)("of %d bytes is %s", ([bytes, text]) => expect(Progress.size(bytes)).toBe(text))
})

describe("a line of progress", () => {
  const progress = { filesDone: 3, bytesRead: 2 * GiB, seconds: 4, total: undefined }
  const total = { files: 12, bytes: 8 * GiB }

  it("says what was done while nobody knows how much there is", () => {
    expect(Progress.format(progress, 80)).toBe("3 files  2.0 GiB  512 MiB/s")
  })

  it("has a bar once that is known", () => {
    expect(Progress.format({ ...progress, total }, 80)).toBe(
      "[██████░░░░░░░░░░░░░░░░░░]  25 %  3/12 files  2.0 GiB of 8.0 GiB  512 MiB/s"
    )
  })

  it("is full for an empty tree, and never more than full", () => {
    const empty = { ...progress, bytesRead: 0, total: { files: 0, bytes: 0 } }
    expect(Progress.format(empty, 80)).toContain("100 %")
    const grown = { ...progress, bytesRead: 9 * GiB, total }
    expect(Progress.format(grown, 80)).toContain("[████████████████████████] 100 %")
  })

  it("never fills a terminal's line, so that it does not wrap", () => {
    for (const columns of [1, 10, 40, 76, 77, 200]) {
      expect(Progress.format({ ...progress, total }, columns).length).toBeLessThan(columns)
    }
  })
})
