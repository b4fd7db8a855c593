/** Who waits for whom in a deadlock, as far as ending one fiber after the other tells. */

/** What came of ending one fiber. Fibers are numbers from 0. */
export interface Ended {
  /** Let go on by its end. */
  readonly freed: ReadonlySet<number>
  /** Interrupted by it, as its children are. */
  readonly interrupted: ReadonlySet<number>
  /** Let go on when those that it freed had ended, too, each with the one before it. */
  readonly behind: ReadonlyMap<number, number>
}

export class WaitForGraph {
  private readonly names: ReadonlyArray<string>
  private readonly experiments: ReadonlyArray<Ended>
  private readonly edges: ReadonlyArray<ReadonlyArray<number>>

  /** `experiments`: of the first so many fibers. */
  constructor(names: ReadonlyArray<string>, experiments: ReadonlyArray<Ended>) {
    this.names = names
    this.experiments = experiments
    this.edges = names.map((_, waiter) => this.holdersOf(waiter))
  }

  // Not whoever frees it only by interrupting the one that it waits for.
  private holdersOf(waiter: number): ReadonlyArray<number> {
    const all = this.indicesWhere(({ freed }) => freed.has(waiter))
    const direct = all.filter((holder) => {
      const { interrupted } = this.experiments[holder]!
      return !all.some((other) => other !== holder && interrupted.has(other))
    })
    return direct.length > 0 ? direct : this.indicesWhere(({ behind }) => behind.has(waiter))
  }

  private indicesWhere(test: (ended: Ended) => boolean): ReadonlyArray<number> {
    return this.experiments.flatMap((ended, index) => (test(ended) ? [index] : []))
  }

  /** A line for each fiber, then one for each cycle. */
  get lines(): ReadonlyArray<string> {
    return [...this.names.map((_, waiter) => this.sentence(waiter)), ...this.cycles()]
  }

  private sentence(waiter: number): string {
    const { edges, experiments, names } = this
    const holders = edges[waiter]!
    if (holders.length === 0) {
      return `${names[waiter]} waits for what no other fiber's end would bring`
    }
    const whom = holders.map((holder) => {
      const before = experiments[holder]!.behind.get(waiter)
      const isNext = before === undefined || experiments[holder]!.freed.has(waiter)
      return isNext ? names[holder]! : `${names[holder]} (behind ${names[before]})`
    })
    return `${names[waiter]} waits for ${whom.join(" or ")}`
  }

  // Each fiber is in at most one of them: enough to see what has to be broken up.
  private cycles(): ReadonlyArray<string> {
    const seen = new Set<number>()
    const lines: Array<string> = []
    const path: Array<number> = []
    const visit = (node: number): void => {
      const at = path.indexOf(node)
      if (at >= 0) {
        const round = [...path.slice(at), node].map((one) => this.names[one])
        lines.push(`a cycle: ${round.join(" → ")}`)
      }
      if (at >= 0 || seen.has(node)) return
      seen.add(node)
      path.push(node)
      for (const next of this.edges[node]!) visit(next)
      path.pop()
    }
    for (let node = 0; node < this.edges.length; node++) visit(node)
    return lines
  }
}
