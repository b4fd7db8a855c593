/**
 * What a host's clock shows: it may be wrong from the start, run too fast or too slow, and be set.
 *
 * Integer nanoseconds. `+ - * /` on doubles and `floor` round alike on all engines, and never
 * backwards. Setting the clock moves the wall clock alone; the monotonic one has the drift, too.
 */
export class LocalTime {
  /** How far the wall clock is off, beside the drift. */
  offsetNanos: number
  /** Parts per million by which it runs too fast. */
  private driftPpm = 0
  // When the drift became what it is, in true time and in this clock's.
  private trueBase = 0
  private localBase = 0

  constructor(offsetNanos = 0, driftPpm = 0) {
    this.offsetNanos = offsetNanos
    this.drift(driftPpm, 0)
  }

  /** From `now` on, in true nanoseconds. Throws when it is more than 100,000 either way. */
  drift(ppm: number, now: number): void {
    if (!(Math.abs(ppm) <= driftPpmMax)) {
      throw new RangeError(`A clock's drift must be at most ${driftPpmMax} ppm: ${ppm}`)
    }
    this.localBase = this.local(now)
    this.trueBase = now
    this.driftPpm = ppm
  }

  /** What the monotonic clock shows at that true time. */
  local(now: number): number {
    const passed = now - this.trueBase
    return this.localBase + passed + Math.floor((passed * this.driftPpm) / million)
  }

  /** True nanoseconds from `now` until `nanos` have passed on this clock: never too few. */
  wait(nanos: number, now: number): number {
    if (this.driftPpm === 0 || nanos === Infinity) return nanos
    const end = this.local(now) + nanos
    let wait = Math.ceil((nanos * million) / (million + this.driftPpm))
    while (this.local(now + wait) < end) wait++
    return wait
  }
}

const million = 1e6
/** Ten times worse than what NTP gives up on (500 ppm) is no clock any more; this is far beyond. */
const driftPpmMax = 100_000
