/** As hosts do it: the oldest is next, all that are ready run, nobody is preempted. */
import type { Strand } from "../Strand.ts"
import { type Policy, Quota } from "./Policy.ts"

export class Production implements Policy {
  /** Places where another policy could have done otherwise. */
  choicePoints = 0

  pick(_entries: ReadonlyArray<Strand>, _head: number): number {
    this.choicePoints++
    return 0
  }

  quota(): Quota {
    return Quota.all
  }

  preempts(_strand: Strand): boolean {
    this.choicePoints++
    return false
  }

  defers(_strand: Strand): boolean {
    return false
  }

  delay(_strand: Strand): number {
    return 0
  }
}
