/** The decisions of a world's schedule: a policy proposes, the log has the last word. */
import { delayKind, preemptKind, scheduleKind } from "../Choices.ts"
import type { Strand } from "../loop/Strand.ts"
import type { DecisionLog } from "./DecisionLog.ts"
import { delaysMax, type Policy, type Quota, quotas } from "./Policy.ts"

export class Scheduling {
  /** Until then everything is as on hosts, and no decision. */
  isActive = true
  private isCalm = false
  private policy: Policy
  private readonly log: DecisionLog | undefined
  /** Bits for how large a part is. */
  private readonly parts: { below(count: number): number }

  constructor(policy: Policy, parts: { below(count: number): number }, log?: DecisionLog) {
    this.policy = policy
    this.parts = parts
    this.log = log
  }

  /** From now on `policy` proposes. */
  change(policy: Policy): void {
    this.policy = policy
  }

  /** From now on no task is held back. Any order is a host's; a delay of seconds is a fault. */
  calm(): void {
    this.isCalm = true
  }

  /** See `Policy.pick`. */
  pick(entries: ReadonlyArray<Strand>, head: number): number {
    if (!this.isActive) return 0
    const offset = this.policy.pick(entries, head)
    return this.log === undefined
      ? offset
      : this.log.decide(scheduleKind, entries.length - head, offset)
  }

  /** See `Policy.quota`. */
  quota(): Quota {
    if (!this.isActive) return 0
    const quota = this.policy.quota()
    return this.log === undefined ? quota : (this.log.decide(scheduleKind, quotas, quota) as Quota)
  }

  /** How many, 0 to `count` - 1, when the quota is a part. */
  part(count: number): number {
    if (!this.isActive) return 0
    const part = this.parts.below(count)
    return this.log === undefined ? part : this.log.decide(scheduleKind, count, part)
  }

  /** See `Policy.preempts`. */
  preempts(strand: Strand): boolean {
    if (!this.isActive) return false
    const isPreempted = this.policy.preempts(strand)
    return this.log === undefined ? isPreempted : this.flag(isPreempted)
  }

  /** See `Policy.defers`. */
  defers(strand: Strand): boolean {
    if (!this.isActive) return false
    const isDeferred = this.policy.defers(strand)
    return this.log === undefined ? isDeferred : this.flag(isDeferred)
  }

  private flag(isSet: boolean): boolean {
    return this.log!.decide(preemptKind, 2, isSet ? 1 : 0) === 1
  }

  /** See `Policy.delay`. */
  delay(strand: Strand): number {
    if (!this.isActive || this.isCalm) return 0
    const delay = this.policy.delay(strand)
    return this.log === undefined ? delay : this.log.decide(delayKind, delaysMax, delay)
  }
}
