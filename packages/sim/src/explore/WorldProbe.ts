/** What a world knows from its programs' probes. */
import type { Check, ProbePort } from "../ProbePort.ts"
import { Violation } from "../Violation.ts"
import type { World } from "../World.ts"
import { hashText } from "./hashText.ts"

interface Invariant {
  readonly label: string
  readonly check: Check
}

/** One in so many labels is active, and fires one time in so many (FoundationDB's figures). */
const buggifyOdds = 4

export class WorldProbe implements ProbePort {
  /** The first. */
  violation: Violation | undefined = undefined
  /** Ends of operations. */
  commits = 0
  /** Each label that was passed, and whether its condition ever held. */
  readonly places = new Map<string, boolean>()
  /** Whether labels of `buggify` may be active. */
  isExploring = false
  private readonly world: World
  private readonly active = new Map<string, boolean>()
  private invariants: ReadonlyArray<Invariant> = []

  constructor(world: World) {
    this.world = world
  }

  /** Under exploration nothing that comes after the first violation matters. */
  violated(violation: Violation): void {
    this.violation ??= violation
    if (this.isExploring) this.world.end()
  }

  passed(label: string, isHit: boolean): void {
    if (isHit || !this.places.has(label)) this.places.set(label, isHit)
  }

  committed(): void {
    this.commits++
  }

  choose(label: string, count: number): number {
    return this.isExploring ? this.world.choices.choose.below(count, hashText(label)) : 0
  }

  buggify(label: string): boolean {
    if (!this.isExploring) return false
    let isActive = this.active.get(label)
    if (isActive === undefined) {
      isActive = this.choose(label, buggifyOdds) === 1
      this.active.set(label, isActive)
    }
    return isActive && this.choose(label, buggifyOdds) === 1
  }

  addInvariant(label: string, check: Check): void {
    this.invariants = [...this.invariants, { label, check }]
    this.world.afterStep = this.check
  }

  removeInvariant(check: Check): void {
    this.invariants = this.invariants.filter((one) => one.check !== check)
    if (this.invariants.length === 0) this.world.afterStep = undefined
  }

  // Thrown out of the step, and so out of the world's run: the program cannot handle it.
  private readonly check = () => {
    for (const { check, label } of this.invariants) {
      const found = check()
      if (found === true) continue
      const detail = typeof found === "string" ? found : undefined
      const violation = new Violation({ kind: "invariant", label, detail })
      this.violated(violation)
      throw violation
    }
  }
}
