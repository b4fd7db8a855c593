/** As hosts do it: the oldest is next, all that are ready run, nobody is preempted. */
import type { Strand } from "../loop/Strand.ts"
import { type Policy, Quota } from "./Policy.ts"

export class Production implements Policy {
  /** Places where another policy could have let somebody else run. */
  choicePoints = 0
  /** By the number of each strand: its operations, and its steps that were chosen among others. */
  readonly stepsByStrand: Array<number> = []
  private readonly hasOthers: () => boolean

  /** `hasOthers`: whether any other fiber is ready. */
  constructor(hasOthers: () => boolean = () => true) {
    this.hasOthers = hasOthers
  }

  pick(entries: ReadonlyArray<Strand>, head: number): number {
    this.choicePoints++
    this.count(entries[head]!)
    return 0
  }

  private count({ id }: Strand): void {
    this.stepsByStrand[id] = (this.stepsByStrand[id] ?? 0) + 1
  }

  quota(): Quota {
    return Quota.all
  }

  preempts(strand: Strand): boolean {
    if (this.hasOthers()) this.choicePoints++
    this.count(strand)
    return false
  }

  defers(_strand: Strand): boolean {
    return false
  }

  delay(_strand: Strand): number {
    return 0
  }
}
