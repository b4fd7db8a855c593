/**
 * The threads that share locks, in shared memory: who is alive, and where to wake each.
 *
 * JavaScript has no robust mutex: the kernel tells nobody that a thread ended with a lock. So a
 * lock's words name their holder by its seat and the seat's generation. Whoever learns that a
 * thread is gone moves the generation on, and from then on that name is a dead one's.
 */

/** Threads at once; the loop that the table belongs to is the first. */
export const seatsMax = 1_024
const seatBits = 10

/** Of 32-bit words. The first two are the `WakeUpCell` of the loop that the table belongs to. */
const at = { homeWakes: 0, table: 2, deaths: 3, seatsUsed: 4, seats: 8 } as const
const wordsPerSeat = 3
const inSeat = { generation: 0, park: 1, isOnLoop: 2 } as const

const bytes = (at.seats + seatsMax * wordsPerSeat) * 4

/** Where an id sits. */
export const seatOf = (id: number): number => id & (seatsMax - 1)

export class SeatTable {
  readonly words: Int32Array<SharedArrayBuffer>

  constructor(buffer = new SharedArrayBuffer(bytes)) {
    this.words = new Int32Array(buffer)
  }

  get buffer(): SharedArrayBuffer {
    return this.words.buffer
  }

  /** Distinguishes the tables that one thread made. */
  get number(): number {
    return Atomics.load(this.words, at.table)
  }

  set number(number: number) {
    Atomics.store(this.words, at.table, number)
  }

  private word(seat: number, which: number): number {
    return at.seats + seat * wordsPerSeat + which
  }

  /** Somebody sits down there; gives his id. The home's alone. */
  occupy(seat: number, isOnLoop: boolean): number {
    const { words } = this
    if (Atomics.load(words, at.seatsUsed) <= seat) Atomics.store(words, at.seatsUsed, seat + 1)
    Atomics.store(words, this.word(seat, inSeat.isOnLoop), isOnLoop ? 1 : 0)
    Atomics.add(words, this.word(seat, inSeat.generation), 1)
    return this.idAt(seat)
  }

  /** Of whoever sits there. Never 0. */
  idAt(seat: number): number {
    // 21 bits: a name comes again after two million who sat there.
    const generation = Atomics.load(this.words, this.word(seat, inSeat.generation)) & 0x1fffff
    return (generation << seatBits) | seat
  }

  isAlive(id: number): boolean {
    return this.idAt(seatOf(id)) === id
  }

  /** How many have died, whoever: a lock that has not seen the last looks at its holders. */
  get deaths(): number {
    return Atomics.load(this.words, at.deaths)
  }

  /** Whoever sits there is gone, and what he holds is broken. All who wait look. */
  bury(seat: number): void {
    const { words } = this
    Atomics.add(words, this.word(seat, inSeat.generation), 1)
    Atomics.add(words, at.deaths, 1)
    const used = Atomics.load(words, at.seatsUsed)
    for (let one = 0; one < used; one++) this.unpark(one)
  }

  isOnLoop(id: number): boolean {
    return Atomics.load(this.words, this.word(seatOf(id), inSeat.isOnLoop)) === 1
  }

  /** To be read before looking whether there is a reason to park. */
  parkCount(seat: number): number {
    return Atomics.load(this.words, this.word(seat, inSeat.park))
  }

  /** Blocks the thread until it is unparked; not at all if it was since `count`. */
  park(seat: number, count: number, millis: number): void {
    Atomics.wait(this.words, this.word(seat, inSeat.park), count, millis)
  }

  unpark(seat: number): void {
    const park = this.word(seat, inSeat.park)
    Atomics.add(this.words, park, 1)
    Atomics.notify(this.words, park)
  }

  /** From another thread: the loop looks at all that its fibers wait for. */
  wakeHome(): void {
    Atomics.add(this.words, at.homeWakes, 1)
    Atomics.notify(this.words, at.homeWakes)
  }
}
