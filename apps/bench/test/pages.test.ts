/** The pages that are made of reports: every figure is on them, and nothing that is fetched. */
import { describe, expect, it } from "vitest"
import * as Html from "../src/report/Html.ts"
import * as Markdown from "../src/report/Markdown.ts"
import { reportOf } from "./fixture.ts"

const report = reportOf(
  { cpu_per_op: 8, syscalls_per_op: 2, note: "a <note>" },
  { cpu_per_op: 12, latency_p99: { atLeast: 4_000 } }
)

describe("the page for documents", () => {
  it("has a row for each contestant, the command, and what did not play", () => {
    const page = Markdown.render([report])
    expect(page).toContain("| portico | 12.0 ±0% ×1.50 | – | ≥4,000 ±0% |")
    expect(page).toContain("- node-raw, 1 of 1: a \\<note\\>")
    expect(page).toContain("```\npnpm bench fixture\n```")
    expect(page).toContain("Not measured: another: not installed")
  })

  it("keeps to 100 columns outside of tables", () => {
    const summary = Array.from({ length: 60 }, () => "word").join(" ")
    const page = Markdown.render([{ ...report, summary, command: summary }])
    const prose = page.split("\n").filter((line) => !line.startsWith("|"))
    expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(100)
  })
})

describe("the page with plots", () => {
  const page = Html.render([report])

  it("draws a bar with its ratio for each figure, and a whisker for its spread", () => {
    expect(page.match(/<rect /g)).toHaveLength(4)
    expect(page.match(/class="whisker"/g)).toHaveLength(4)
    expect(page).toContain(">12.0 ×1.50</text>")
    expect(page).toContain(">≥4,000</text>")
  })

  it("scales bars to the most of all", () => {
    const widths = [...page.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => +width!)
    expect(widths[0]! / widths[1]!).toBeCloseTo(8 / 12, 2)
  })

  it("needs no network and is well formed", () => {
    expect(page).not.toMatch(/https?:|src=|@import|url\(/)
    expect(page).toContain("a &#60;note&#62;")
    for (const name of ["section", "article", "svg", "g", "table"]) {
      const opened = page.match(new RegExp(`<${name}[ >]`, "g"))?.length
      expect([name, page.match(new RegExp(`</${name}>`, "g"))?.length]).toEqual([name, opened])
    }
  })

  it("draws the parts of a profile instead, in one bar for each contestant", () => {
    const parts = { profile_portico: 1, profile_effect: 2, profile_rest: 3 }
    const profiled = Html.render([
      reportOf({ cpu_per_op: 6, ...parts }, { cpu_per_op: 6, ...parts })
    ])
    expect(profiled).not.toContain('whisker"')
    expect(profiled.match(/<title>(?:portico|effect|rest): [1-3]\.00 µs<\/title>/g)).toHaveLength(6)
  })
})
