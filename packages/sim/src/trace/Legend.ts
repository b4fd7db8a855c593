/** What the marks of a diagram mean: of those that are in it. */
import { box, circle, cross, element, line, path } from "./Svg.ts"

interface Entry {
  readonly name: string
  /** How the mark begins, in a figure's markup. */
  readonly mark: string
  readonly icon: string
}

const arrow = (style: string): Entry["icon"] =>
  line(`packet ${style}`, 1, 8, 20, 8) + path(`head ${style}`, "M14 5L21 8L14 11Z")

const entries: ReadonlyArray<Entry> = [
  { name: "data", mark: 'class="packet data', icon: arrow("data") },
  { name: "control", mark: 'class="packet quiet" ', icon: arrow("quiet") },
  { name: "wakes", mark: 'class="packet quiet wake', icon: line("packet quiet wake", 1, 8, 22, 8) },
  { name: "datagram", mark: 'class="packet udp', icon: arrow("udp") },
  { name: "reset", mark: 'class="packet rst', icon: arrow("rst") },
  {
    name: "dropped",
    mark: ' lost"',
    icon: line("packet data", 1, 8, 13, 8) + cross("drop", 16, 8, 4)
  },
  { name: "held", mark: ' held"', icon: line("packet data held", 1, 8, 22, 8) },
  { name: "duplicate", mark: ' again"', icon: line("packet data again", 1, 8, 22, 8) },
  { name: "a fiber runs", mark: 'class="run"', icon: circle("run", 11, 8, 4) },
  { name: "crash", mark: 'class="crash"', icon: cross("crash", 11, 8, 5) },
  { name: "restart", mark: 'class="restart"', icon: circle("restart", 11, 8, 4) },
  { name: "paused", mark: 'class="hatch"', icon: box("hatch", 3, 1, 16, 14, 3) },
  { name: "partition", mark: 'class="band"', icon: box("band", 1, 2, 20, 12, 3) },
  { name: "fsync", mark: 'class="fsync"', icon: line("fsync", 3, 8, 19, 8) },
  {
    name: "decision that matters",
    mark: 'class="decision"',
    icon: circle("decision", 11, 8, 6)
  },
  { name: "operation", mark: 'class="operation', icon: box("operation returned", 7, 1, 8, 14, 4) },
  { name: "took effect", mark: 'class="point"', icon: circle("point", 11, 8, 4) },
  {
    name: "no place in an order",
    mark: 'class="operation stuck"',
    icon: box("operation stuck", 7, 1, 8, 14, 4)
  }
]

/** Of a figure's markup. */
export const legend = (figure: string): string =>
  entries
    .filter(({ mark }) => figure.includes(mark))
    .map(({ icon, name }) => {
      const drawn = element("svg", { width: 22, height: 16, viewBox: "0 0 22 16" }, icon)
      return `<span>${drawn}${name}</span>`
    })
    .join("")
