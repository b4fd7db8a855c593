/**
 * Answers by their questions, bounded in entries and in bytes.
 *
 * A question is known by 32 bits of its hash, and each hash has one entry: of two questions with
 * one hash, which among 10,000 random ones come to be in one cache of a hundred, the later one
 * displaces the other. So no list can grow, and a hit costs one look into a map of small integers.
 *
 * What is displaced is second chance (CLOCK): the oldest entry, unless it was used since it was
 * last looked at; then it counts as new. A hit writes one flag and moves nothing.
 */
import type { Bytes } from "./wire/Octets.ts"
import type { PreparedAnswer } from "./wire/PreparedAnswer.ts"
import type { QueryView } from "./wire/QueryView.ts"

/** What an entry costs beside its question and its answer (measured on Node 26: 500 to 700). */
const overheadBytes = 640

interface Entry {
  readonly question: Bytes
  readonly flags: number
  readonly answer: PreparedAnswer
  readonly keptAt: number
  isUsed: boolean
}

export interface CacheOptions {
  /** 0: nothing is kept. */
  readonly entriesMax: number
  readonly bytesMax: number
}

export class AnswerCache {
  /** Entries displaced by others before their time was over. */
  displaced = 0
  /** Of all entries, with what each costs beside its bytes. */
  bytes = 0
  private readonly entriesMax: number
  private readonly bytesMax: number
  // In the order in which they were kept or got their second chance.
  private readonly entries = new Map<number, Entry>()

  constructor(options: CacheOptions) {
    this.entriesMax = options.entriesMax
    this.bytesMax = options.bytesMax
  }

  get size(): number {
    return this.entries.size
  }

  /** The answer, as old as it is at `seconds` on any clock that does not go backwards. */
  find(query: QueryView, seconds: number): PreparedAnswer | undefined {
    const entry = this.entries.get(query.hash)
    if (entry === undefined) return undefined
    if (entry.flags !== query.flags || !query.asks(entry.question)) return undefined
    const { answer } = entry
    const age = seconds - entry.keptAt
    if (age >= answer.lifetimeSeconds) {
      this.remove(query.hash, entry)
      return undefined
    }
    entry.isUsed = true
    answer.grow(age)
    return answer
  }

  /** Keeps an answer for its lifetime, unless others displace it or it has no room at all. */
  keep(query: QueryView, answer: PreparedAnswer, seconds: number): void {
    if (answer.lifetimeSeconds <= 0) return
    const { flags, hash } = query
    const known = this.entries.get(hash)
    if (known !== undefined) this.remove(hash, known)
    const entry = { question: query.question(), flags, answer, keptAt: seconds, isUsed: false }
    const cost = costOf(entry)
    if (cost > this.bytesMax) return
    this.entries.set(hash, entry)
    this.bytes += cost
    this.makeRoom(seconds)
  }

  private makeRoom(seconds: number): void {
    // Each look either removes an entry or takes its flag: at most twice round.
    for (const [hash, entry] of this.entries) {
      if (this.entries.size <= this.entriesMax && this.bytes <= this.bytesMax) return
      const isOver = seconds - entry.keptAt >= entry.answer.lifetimeSeconds
      this.entries.delete(hash)
      if (entry.isUsed && !isOver) {
        entry.isUsed = false
        this.entries.set(hash, entry)
        continue
      }
      this.bytes -= costOf(entry)
      if (!isOver) this.displaced++
    }
  }

  private remove(hash: number, entry: Entry): void {
    this.entries.delete(hash)
    this.bytes -= costOf(entry)
  }
}

const costOf = ({ answer, question }: Entry): number =>
  question.length + answer.message.length + overheadBytes
