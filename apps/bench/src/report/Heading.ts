/** What is said of a run as a whole: how to repeat it, where and with what it was made. */
import type { Report } from "../Report.ts"

export const reading = ({ baseline, rounds, seconds }: Report): string =>
  `medians of ${rounds} rounds with windows of ${seconds} s, ± half the range, × ${baseline}; ` +
  "↓ lower is better, ↑ higher"

export const software = ({ versions }: Report): string =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ")

export const machine = ({ machine }: Report): string =>
  `${machine.processor}, ${machine.cores} cores, ${machine.platform} ${machine.kernel}, ` +
  `${machine.pinned ? "a core each" : "not pinned"}, ` +
  `load ${machine.loadBefore.toFixed(2)} before the run`

/** Peers that did not play; undefined when none is missing. */
export const absent = (report: Report): string | undefined =>
  report.absent.length === 0 ? undefined : `Not measured: ${report.absent.join("; ")}`
