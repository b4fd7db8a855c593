/**
 * Stands in for the scheduler's watch: looks at the clock only where a budget asks for it, and
 * tells the list of fibers when, if there is one.
 */
interface Fibers {
  nowMillis: number
  looked(): void
  forget(): void
}

export class StepWatch {
  turnMillis: number
  isTimed = false
  readonly isExact = false
  readonly isShared = false
  readonly long = { longest: [], onBlame: () => () => {} }
  private readonly nowMillis: () => number
  private readonly live: Fibers

  constructor(nowMillis: () => number, _thresholdMillis: number, live: Fibers) {
    this.nowMillis = nowMillis
    this.live = live
    this.turnMillis = live.nowMillis = nowMillis()
  }

  begin(): void {
    this.isTimed = false
  }
  beginHere(): number {
    return this.look(true)
  }
  beginShared(): boolean {
    return false
  }
  end(): number {
    return 0
  }
  endShared(): boolean {
    return false
  }
  settle(): undefined {
    return undefined
  }
  wantsTurn(): boolean {
    return false
  }
  turned(): void {}
  isAt(): boolean {
    return true
  }
  step(): void {}
  endsStep(): boolean {
    return false
  }
  lookAt(_fiber: object, isAlone: boolean, _looks: number): number {
    return this.look(isAlone)
  }
  look(isAlone: boolean): number {
    const { live } = this
    this.turnMillis = live.nowMillis = this.nowMillis()
    live.looked()
    if (isAlone || !this.isTimed) live.forget()
    this.isTimed = true
    return this.turnMillis
  }
}
