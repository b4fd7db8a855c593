/**
 * Zone files with broken lines by seed: 100,000 lines, or as many as `FUZZ_PACKETS` says. Each
 * file is a zone or an error with a line of it, and a zone can be asked.
 */
import { RecordCode } from "@portico/core"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { SeededDraws } from "../../../packages/core/test/SeededDraws.ts"
import { lookup } from "../src/zone/lookup.ts"
import { Zone } from "../src/zone/Zone.ts"

const lines = Number(process.env["FUZZ_PACKETS"] ?? 100_000)
const seeds = 10
const linesPerFile = 10

const head = "$ORIGIN example.\n$TTL 1h\n@ SOA ns admin 1 2 3 4 5\n"

const whole = [
  "www 300 IN A 192.0.2.1",
  "    AAAA 2001:db8::1",
  "alias CNAME www",
  '*.wild TXT "a b" c\\032d (',
  "  more ; comment",
  "  )",
  "mail MX 10 mx.other.",
  "_sip._tcp 1h30m SRV 1 2 5060 www",
  "child NS ns.child",
  'caa CAA 0 issue "ca\\.example"',
  'naptr NAPTR 1 2 u "E2U+sip" "!^.*$!x!" .',
  "tlsa TLSA 3 1 1 abcd ef01",
  "https TYPE65 \\# 3 0001 00",
  "$ORIGIN deep.example.",
  "$TTL 5"
]

const letters = [
  ...Array.from(' \t;()"\\.@$*#0123456789aA'),
  "\\300",
  "\\#",
  "..",
  "\r",
  "\n",
  "\0",
  "é",
  "\ud800",
  "x".repeat(64)
]

const mutate = (draws: SeededDraws, line: string): string => {
  let text = line
  for (let count = draws.below(4); count > 0; count--) {
    const at = draws.below(text.length + 1)
    const tail = draws.below(3) === 0 ? at : at + draws.below(3)
    text = text.slice(0, at) + (draws.below(4) === 0 ? "" : draws.oneOf(letters)) + text.slice(tail)
  }
  return text
}

describe("broken zone files are read or refused, and nothing else", () => {
  const perSeed = Math.ceil(lines / seeds)
  const timeout = Math.max(10_000, 5 * perSeed)

  it.for(Array.from({ length: seeds }, (_, seed) => seed))(
    `${perSeed} lines with seed %s`,
    { timeout },
    (seed) => {
      const draws = new SeededDraws(seed)
      let broken: string | undefined
      const tally = { read: 0, refused: 0 }
      for (let done = 0; done < perSeed; done += linesPerFile) {
        const body = Array.from({ length: linesPerFile }, () => {
          const line = draws.oneOf(whole)
          return draws.below(4) === 0 ? mutate(draws, line) : line
        })
        const text = head + body.join("\n")
        const zone = Zone.parse(text, "fuzz.zone")
        if (Result.isFailure(zone)) {
          tally.refused++
          const { line } = zone.failure
          if (line < 1 || line > text.split("\n").length)
            broken ??= `No such line: ${line}: ${text}`
          continue
        }
        tally.read++
        for (const name of ["www", "a.wild", "alias", "x.child", "y.deep", "no"]) {
          const found = lookup(zone.success, `${name}.example.`, RecordCode.any)
          if (found.answers.length + found.authorities.length === 0) broken ??= text
        }
      }
      expect(broken).toBe(undefined)
      // Both ways are taken, or the mutations are no good.
      expect(tally.read).toBeGreaterThan(perSeed / linesPerFile / 100)
      expect(tally.refused).toBeGreaterThan(perSeed / linesPerFile / 100)
    }
  )
})
