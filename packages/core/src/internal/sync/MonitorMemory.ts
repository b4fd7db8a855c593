/**
 * The words of a lock in shared memory: places of those who hold it or wait for it, and the lists
 * in which they stand. All but `state` and `broken` is changed within the guard alone.
 */

/** Conditions of one lock. */
export const conditionsMax = 8

export const at = {
  /** The id of who changes the rest now, or 0. */
  guard: 0,
  guardWaiters: 1,
  table: 2,
  kind: 3,
  /** The id whose death broke it, or 0. */
  broken: 4,
  deathsSeen: 5,
  /** Permits that there can be, and that are free. */
  capacity: 6,
  free: 7,
  /** Of a once: 1 when it was done. Of a lock: how many conditions it has. */
  done: 8,
  conditions: 9,
  /** Where to look for a free place first. */
  hint: 10,
  lists: 11,
  places: 11 + 3 * (2 + conditionsMax)
} as const

export const Kind = { mutex: 1, readWriteLock: 2, semaphore: 3, barrier: 4, once: 5 } as const

/** `granted`: it is his, and he has not seen it yet. */
export const State = { unused: 0, waiting: 1, granted: 2, held: 3, inCondition: 4 } as const

/** Of a place. `fiber` tells apart those who have one id. */
export const inPlace = {
  state: 0,
  id: 1,
  fiber: 2,
  amount: 3,
  next: 4,
  previous: 5,
  list: 6,
  /** Moved when the place is free again: who had it before has it no more. */
  ticket: 7
} as const
const wordsPerPlace = 8

/** The lists; those of conditions follow. */
export const List = { holders: 0, waiters: 1, conditions: 2 } as const
const inList = { first: 0, last: 1, size: 2 } as const

export const bytesFor = (placesMax: number): number => (at.places + placesMax * wordsPerPlace) * 4

export class MonitorMemory {
  readonly words: Int32Array<SharedArrayBuffer>
  readonly placesMax: number

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer)
    this.placesMax = Math.floor((this.words.length - at.places) / wordsPerPlace)
  }

  private word(place: number, which: number): number {
    return at.places + place * wordsPerPlace + which
  }

  read(place: number, which: number): number {
    return Atomics.load(this.words, this.word(place, which))
  }

  write(place: number, which: number, value: number): void {
    Atomics.store(this.words, this.word(place, which), value)
  }

  /** Moves a place's state, if it is that. */
  moves(place: number, from: number, to: number): boolean {
    const word = this.word(place, inPlace.state)
    return Atomics.compareExchange(this.words, word, from, to) === from
  }

  header(which: number): number {
    return Atomics.load(this.words, which)
  }

  setHeader(which: number, value: number): void {
    Atomics.store(this.words, which, value)
  }

  private listWord(list: number, which: number): number {
    return at.lists + list * 3 + which
  }

  size(list: number): number {
    return this.header(this.listWord(list, inList.size))
  }

  /** The first place of a list, or -1. */
  first(list: number): number {
    return this.header(this.listWord(list, inList.first)) - 1
  }

  /** A free place, for who asks; -1 when there is none. It stands in no list. */
  allot(id: number, fiber: number, amount: number): number {
    const { placesMax } = this
    const hint = this.header(at.hint)
    for (let step = 0; step < placesMax; step++) {
      const place = (hint + step) % placesMax
      if (this.read(place, inPlace.state) !== State.unused) continue
      this.setHeader(at.hint, place + 1)
      this.write(place, inPlace.id, id)
      this.write(place, inPlace.fiber, fiber)
      this.write(place, inPlace.amount, amount)
      this.write(place, inPlace.list, -1)
      return place
    }
    return -1
  }

  /** Puts a place last. Places are written plus 1, so that fresh memory is an empty list. */
  append(place: number, list: number): void {
    const last = this.listWord(list, inList.last)
    const previous = this.header(last)
    this.write(place, inPlace.list, list)
    this.write(place, inPlace.previous, previous)
    this.write(place, inPlace.next, 0)
    if (previous === 0) this.setHeader(this.listWord(list, inList.first), place + 1)
    else this.write(previous - 1, inPlace.next, place + 1)
    this.setHeader(last, place + 1)
    Atomics.add(this.words, this.listWord(list, inList.size), 1)
  }

  remove(place: number): void {
    const list = this.read(place, inPlace.list)
    if (list < 0) return
    const next = this.read(place, inPlace.next)
    const previous = this.read(place, inPlace.previous)
    if (previous === 0) this.setHeader(this.listWord(list, inList.first), next)
    else this.write(previous - 1, inPlace.next, next)
    if (next === 0) this.setHeader(this.listWord(list, inList.last), previous)
    else this.write(next - 1, inPlace.previous, previous)
    this.write(place, inPlace.list, -1)
    Atomics.sub(this.words, this.listWord(list, inList.size), 1)
  }

  /** The next one of the same list, or -1. */
  next(place: number): number {
    return this.read(place, inPlace.next) - 1
  }
}
