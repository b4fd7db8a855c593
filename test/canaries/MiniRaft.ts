/**
 * Consensus of three (Ongaro and Ousterhout, *In Search of an Understandable Consensus Algorithm*,
 * 2014), as small as it gets: an append carries the whole log. It gives the messages to be sent
 * once what is `kept` is durable.
 */
export type Entry = readonly [term: number, value: number]

/** What a node must not forget. */
export interface Kept {
  readonly term: number
  /** Whom it voted for in this term; 0: nobody. */
  readonly vote: number
  readonly log: ReadonlyArray<Entry>
}

export type Message = { readonly term: number; readonly from: number; readonly to: number } & (
  | { readonly kind: "canvass"; readonly lastTerm: number; readonly count: number }
  | { readonly kind: "vote" }
  | { readonly kind: "append"; readonly log: ReadonlyArray<Entry>; readonly commit: number }
  | { readonly kind: "appended"; readonly count: number }
)

const nodes = [1, 2, 3]
const majority = 2

export class MiniRaft {
  readonly id: number
  kept: Kept
  role: "follower" | "candidate" | "leader" = "follower"
  /** Entries that are decided. */
  commit = 0
  /** A follower has heard of a leader, or voted, since this was set to false. */
  hasHeard = false
  private votes = new Set<number>()
  private readonly matched = new Map<number, number>()

  constructor(id: number, kept: Kept) {
    this.id = id
    this.kept = kept
  }

  /** What the leader and candidates say again and again. */
  tick(): ReadonlyArray<Message> {
    const { commit, id, role } = this
    const { log, term } = this.kept
    if (role === "follower") return []
    return nodes
      .filter((to) => to !== id)
      .map((to) => {
        const head = { term, from: id, to }
        if (role === "leader") return { ...head, kind: "append", log, commit }
        return { ...head, kind: "canvass", lastTerm: log.at(-1)?.[0] ?? 0, count: log.length }
      })
  }

  campaign(): ReadonlyArray<Message> {
    this.role = "candidate"
    this.kept = { ...this.kept, term: this.kept.term + 1, vote: this.id }
    this.votes = new Set([this.id])
    return this.tick()
  }

  /** Adds an entry, of a leader; gives its number, from 1. */
  add(value: number): number {
    const { log, term } = this.kept
    this.kept = { ...this.kept, log: [...log, [term, value]] }
    return this.kept.log.length
  }

  receive(message: Message): ReadonlyArray<Message> {
    if (message.term > this.kept.term) {
      this.role = "follower"
      this.kept = { ...this.kept, term: message.term, vote: 0 }
    }
    if (message.term < this.kept.term) return []
    const reply = { term: message.term, from: this.id, to: message.from }
    switch (message.kind) {
      case "canvass":
        return this.grants(message) ? [{ ...reply, kind: "vote" }] : []
      case "vote":
        return this.elected(message.from)
      case "append":
        this.follow(message.log, message.commit)
        return [{ ...reply, kind: "appended", count: message.log.length }]
      case "appended":
        this.decide(message.from, message.count)
        return []
    }
  }

  private grants({ count, from, lastTerm }: Message & { readonly kind: "canvass" }): boolean {
    const { log, vote } = this.kept
    const ownTerm = log.at(-1)?.[0] ?? 0
    const isBehind = lastTerm < ownTerm || (lastTerm === ownTerm && count < log.length)
    if ((vote !== 0 && vote !== from) || isBehind) return false
    this.kept = { ...this.kept, vote: from }
    this.hasHeard = true
    return true
  }

  private elected(from: number): ReadonlyArray<Message> {
    this.votes.add(from)
    if (this.role !== "candidate" || this.votes.size < majority) return []
    this.role = "leader"
    this.matched.clear()
    // Only entries of its own term tell a leader what is decided (§5.4.2).
    this.add(0)
    return this.tick()
  }

  private follow(log: ReadonlyArray<Entry>, commit: number): void {
    this.role = "follower"
    this.hasHeard = true
    const own = this.kept.log
    const isPrefix = log.every(([term], index) => own[index]?.[0] === term)
    if (!isPrefix) this.kept = { ...this.kept, log }
    this.commit = Math.max(this.commit, commit)
  }

  private decide(from: number, count: number): void {
    if (this.role !== "leader") return
    this.matched.set(from, Math.max(count, this.matched.get(from) ?? 0))
    const { log, term } = this.kept
    // With its own, the greatest of the others' is a majority's.
    const most = Math.max(...this.matched.values())
    if (most > this.commit && log[most - 1]?.[0] === term) this.commit = most
  }
}
