/**
 * When those who stand in a list ran, by the numbers of looks at the clock.
 *
 * A fiber is marked with the number of the look before it ran. That is a small integer, where a
 * time is a fraction, for which V8 allocates when it is stored on an object. The times of looks are
 * kept for eight times as many of them as the list has places. At every 64th, 16 places are visited
 * in turn and their times noted beside them, so all are within half as many: nobody's is lost.
 */
export const placesMin = 64
/** A visit takes a fiber from memory, which is worth more than a look: one to four looks. */
export const visitsMax = 16
const looksPerVisits = 64
/** All three are powers of two. */
const looksPerPlace = 8
/** Then numbers begin again at 1. V8 keeps integers of 30 bits without allocating, everywhere. */
const looksMax = 2 ** 29

export class LookTimes {
  /** The number of the last look, 1 to `looksMax`: 0 is nobody's. */
  protected look = 1
  /** Its time: a fraction that is passed on is allocated, too. */
  nowMillis = 0
  /** A power of two. */
  protected places = placesMin
  private times = new Float64Array(looksPerPlace * placesMin)
  /** A look of each place, and its time. */
  private notedLooks = new Int32Array(placesMin)
  private notedTimes = new Float64Array(placesMin)

  /** Whether it is time for visits. */
  protected nextLook(): boolean {
    const look = (this.look & (looksMax - 1)) + 1
    this.look = look
    this.times[look & (this.times.length - 1)] = this.nowMillis
    return (look & (looksPerVisits - 1)) === 0
  }

  protected noteLook(place: number, look: number): void {
    if (this.notedLooks[place] === look) return
    this.notedLooks[place] = look
    this.notedTimes[place] = this.times[look & (this.times.length - 1)]!
  }

  protected copyNote(from: number, to: number): void {
    this.notedLooks[to] = this.notedLooks[from]!
    this.notedTimes[to] = this.notedTimes[from]!
  }

  protected notedMillis(place: number): number {
    return this.notedTimes[place]!
  }

  /** The first `count` places were noted since the last look. */
  protected resizeTimes(places: number, count: number): void {
    const { look, notedLooks, notedTimes } = this
    this.places = Math.max(places, placesMin)
    this.times = new Float64Array(looksPerPlace * this.places)
    this.times[look & (this.times.length - 1)] = this.nowMillis
    this.notedLooks = new Int32Array(this.places)
    this.notedLooks.set(notedLooks.subarray(0, count))
    this.notedTimes = new Float64Array(this.places)
    this.notedTimes.set(notedTimes.subarray(0, count))
  }
}
