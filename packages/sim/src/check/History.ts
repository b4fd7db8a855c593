/**
 * What clients asked of a service, and what they were told, in the order in which it happened.
 *
 * Calls and returns have indices, not times: in virtual time two events may have the same time, and
 * then nobody could say whether one operation ended before the other began.
 */
import type { Output } from "./Model.ts"

export { record, type RecordOptions } from "./record.ts"

export interface Operation<Input, Out extends Output> {
  /** From 0, in the order of the calls. */
  readonly id: number
  readonly client: string | number
  readonly input: Input
  /** Undefined: nobody knows. It may have been done, or not, or be done later. */
  readonly output: Out | undefined
  /** When it was called: an index among all calls and returns of the history. */
  readonly called: number
  /** When it returned: an index; infinite when its outcome is not known. */
  readonly returned: number
}

/** Told of each call and each return, as it happens. `Traced` puts them into a trace. */
export interface HistoryWatcher<Input, Out extends Output> {
  readonly onCalled: (operation: Operation<Input, Out>) => void
  readonly onEnded: (operation: Operation<Input, Out>, how: Ending) => void
}

export type Ending = "returned" | "failed" | "unknown"

export class History<Input, Out extends Output> {
  private readonly all: Array<Operation<Input, Out>> = []
  private readonly failed = new Set<number>()
  private readonly open = new Set<number>()
  private readonly watcher: HistoryWatcher<Input, Out> | undefined
  private events = 0

  constructor(watcher?: HistoryWatcher<Input, Out>) {
    this.watcher = watcher
  }

  /**
   * A client calls; gives the operation's id. Until its end is told, its outcome is unknown: so
   * whoever was cut off by a crash is right without doing anything.
   */
  call(client: string | number, input: Input): number {
    const id = this.all.length
    const called = this.events++
    this.all.push({ id, client, input, output: undefined, called, returned: Infinity })
    this.open.add(id)
    this.watcher?.onCalled(this.all[id]!)
    return id
  }

  /** It was done, and gave `output`. */
  return(id: number, output: Out): void {
    this.end(id, "returned", { output, returned: this.events++ })
  }

  /** It was certainly not done, and never will be: it does not count. */
  fail(id: number): void {
    this.failed.add(id)
    this.end(id, "failed", { returned: this.events++ })
  }

  /** Its client gave up, and does not know whether it was done, or will be. */
  giveUp(id: number): void {
    this.end(id, "unknown", {})
  }

  /** Those that may have been done, in the order of their calls. */
  get operations(): ReadonlyArray<Operation<Input, Out>> {
    return this.all.filter(({ id }) => !this.failed.has(id))
  }

  /** How many returned: a run in which none did has shown nothing. */
  get completed(): number {
    return this.operations.filter(({ returned }) => returned !== Infinity).length
  }

  private end(id: number, how: Ending, change: Partial<Operation<Input, Out>>): void {
    // The test's own mistake, and one that would make its verdict worthless.
    if (!this.open.delete(id)) throw new Error(`Operation is not under way: ${id}`)
    this.all[id] = { ...this.all[id]!, ...change }
    this.watcher?.onEnded(this.all[id], how)
  }
}
