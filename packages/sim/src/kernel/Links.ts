/** The links of a network, and the faults that are in force on them. */
import { Link, type LinkState } from "./Link.ts"

/** A change to the links from some hosts to some. Later ones prevail over earlier ones. */
export interface LinkChange {
  applies: (from: number, to: number) => boolean
  readonly change: Partial<LinkState>
}

export class Links {
  private readonly links: Array<Array<Link | undefined>> = []
  private readonly base: (from: number, to: number) => LinkState
  private changes: ReadonlyArray<LinkChange> = []
  /** Told of each link whose packets need not wait any more. */
  onReleased: (link: Link) => void = () => {}

  /** `base` is how links are without faults. */
  constructor(base: (from: number, to: number) => LinkState) {
    this.base = base
  }

  between(from: number, to: number): Link {
    const row = (this.links[from] ??= [])
    return (row[to] ??= new Link(from, to, this.stateOf(from, to)))
  }

  /** Puts a change in force until the function it gives is called. That is idempotent. */
  add(change: LinkChange): () => void {
    this.changes = [...this.changes, change]
    this.settle()
    return () => {
      if (!this.changes.includes(change)) return
      this.changes = this.changes.filter((other) => other !== change)
      this.settle()
    }
  }

  /** The changes so far count no more for links of which `applies` is true. */
  restore(applies: LinkChange["applies"]): void {
    for (const change of this.changes) {
      const { applies: before } = change
      change.applies = (from, to) => before(from, to) && !applies(from, to)
    }
    this.settle()
  }

  /** Told when any state may have changed. */
  onChanged: () => void = () => {}

  private settle(): void {
    for (const row of this.links) {
      for (const link of row ?? []) {
        if (link === undefined) continue
        const wasHeld = link.state.isHeld
        link.state = this.stateOf(link.from, link.to)
        if (wasHeld && !link.state.isHeld) this.onReleased(link)
      }
    }
    this.onChanged()
  }

  private stateOf(from: number, to: number): LinkState {
    const changes = this.changes.filter(({ applies }) => applies(from, to))
    return changes.reduce((state, { change }) => ({ ...state, ...change }), this.base(from, to))
  }
}
