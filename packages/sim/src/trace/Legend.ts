/** What the marks of a diagram mean. */
import { box, circle, cross, element, line, path } from "./Svg.ts"

const entries: ReadonlyArray<readonly [string, string]> = [
  ["data", `${line("packet data", 1, 8, 20, 8)}${path("head data", "M14 5L21 8L14 11Z")}`],
  ["control", `${line("packet quiet", 1, 8, 20, 8)}${path("head quiet", "M14 5L21 8L14 11Z")}`],
  ["datagram", `${line("packet udp", 1, 8, 20, 8)}${path("head udp", "M14 5L21 8L14 11Z")}`],
  ["reset", `${line("packet rst", 1, 8, 20, 8)}${path("head rst", "M14 5L21 8L14 11Z")}`],
  ["dropped", `${line("packet data", 1, 8, 13, 8)}${cross("drop", 16, 8, 4)}`],
  ["held", line("packet data held", 1, 8, 22, 8)],
  ["duplicate", line("packet data again", 1, 8, 22, 8)],
  ["crash", cross("crash", 11, 8, 5)],
  ["restart", circle("restart", 11, 8, 4)],
  ["paused", box("hatch", 3, 1, 16, 14, 3)],
  ["partition", box("band", 1, 2, 20, 12, 3)],
  ["fsync", line("fsync", 3, 8, 19, 8)],
  ["decision that matters", circle("decision", 11, 8, 6)],
  ["operation", box("operation returned", 7, 1, 8, 14, 4)],
  ["took effect", circle("point", 11, 8, 4)],
  ["no place in an order", box("operation stuck", 7, 1, 8, 14, 4)]
]

export const legend = (): string =>
  entries
    .map(([name, markup]) => {
      const icon = element("svg", { width: 22, height: 16, viewBox: "0 0 22 16" }, markup)
      return `<span>${icon}${name}</span>`
    })
    .join("")
