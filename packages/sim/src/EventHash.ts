/**
 * One number that stands for a whole run: FNV-1a, over 32-bit words rather than bytes.
 *
 * Two runs of one seed that differ in any step differ here, on whatever engine they ran.
 */
export class EventHash {
  private state = 0x811c9dc5

  /** Takes in one step: when it ran (virtual nanoseconds), and the strand it ran on. */
  add(time: number, kind: number, id: number): void {
    let state = this.state
    state = Math.imul(state ^ (time >>> 0), 0x01000193)
    state = Math.imul(state ^ (Math.floor(time / 0x1_0000_0000) >>> 0), 0x01000193)
    state = Math.imul(state ^ kind, 0x01000193)
    this.state = Math.imul(state ^ id, 0x01000193)
  }

  /** 0 to 2^32 - 1. */
  get value(): number {
    return this.state >>> 0
  }
}
