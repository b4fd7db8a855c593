/** Stands in for the scheduler's watch: looks at the clock only where a budget asks for it. */
export class StepWatch {
  turnMillis: number
  isTimed = false
  readonly isExact = false
  readonly isShared = false
  readonly hasLooks = true
  readonly longestSteps: ReadonlyArray<never> = []
  private readonly nowMillis: () => number

  constructor(nowMillis: () => number) {
    this.nowMillis = nowMillis
    this.turnMillis = nowMillis()
  }

  begin(): void {
    this.isTimed = false
  }
  beginHere(): number {
    return this.look()
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
  isAt(): boolean {
    return true
  }
  step(): void {}
  endsStep(): boolean {
    return false
  }
  lookAt(): number {
    return this.look()
  }
  look(): number {
    this.isTimed = true
    return (this.turnMillis = this.nowMillis())
  }
  onBlame(): () => void {
    return () => {}
  }
}
