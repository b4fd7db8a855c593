/** How far a long exploration has come: one line on a terminal, written over itself. */
import type { Explore } from "@portico/sim"

export interface ProgressOutput {
  readonly isTTY?: boolean | undefined
  write(text: string): unknown
}

const secondsUntilFirst = 2
const secondsBetween = 1

export class ProgressLine {
  private readonly output: ProgressOutput
  private readonly runsMax: number
  private readonly nowMillis: () => number
  private readonly start: number
  private next: number
  private isShown = false

  constructor(output: ProgressOutput, runsMax: number, nowMillis: () => number) {
    this.output = output
    this.runsMax = runsMax
    this.nowMillis = nowMillis
    this.start = nowMillis()
    this.next = this.start + secondsUntilFirst * 1000
  }

  /** Nothing where there is no terminal. */
  tell({ distinct, found, nanos, runs }: Explore.Report): void {
    const now = this.nowMillis()
    if (this.output.isTTY !== true || now < this.next) return
    this.next = now + secondsBetween * 1000
    this.isShown = true
    const seconds = (now - this.start) / 1000
    const rate = `${Math.round(runs / seconds)} a second`
    const virtual = `${Math.round(nanos / 1e9)} virtual seconds`
    const parts = [`${runs} of ${this.runsMax} runs`, rate, `${distinct} distinct`, virtual]
    if (found.length > 0) parts.push(`${found.length} failed`)
    this.output.write(`\r\u001b[K${parts.join(", ")}`)
  }

  /** Takes the line away. */
  end(): void {
    if (this.isShown) this.output.write("\r\u001b[K")
  }
}
