/**
 * Tasks that the laws of lanes run: functions in real threads, models in the simulator.
 *
 * Whoever binds the laws provides them, and the means to wait until a task has got somewhere.
 */
import { LoopCall, type Task } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { LawEnvironment } from "./LawEnvironment.ts"
import type { SyncStep } from "./SyncSteps.ts"

/** What tasks ask the loop. */
export const double = LoopCall.make<[value: number], number>("double")

/** Two words: how many tasks have come to the gate, and whether it is open. */
export type GateCell = SharedArrayBuffer

export interface LawTasks {
  /** Gives what it was given. */
  readonly echo: Task.Task<[value: unknown], unknown>
  /** Counts itself in the first word, and gives how many had before. */
  readonly count: Task.Task<[cell: GateCell], number>
  /** Comes to the gate and waits until it is open, whatever it is asked; gives 7. */
  readonly pass: Task.Task<[cell: GateCell], number>
  /** Comes to the gate and waits until it is asked to stop; gives 8. */
  readonly obey: Task.Task<[cell: GateCell], number>
  /** As `obey`, and throws then. */
  readonly obeyByThrowing: Task.Task<[cell: GateCell], number>
  /** Throws a `RangeError` with this message. */
  readonly fail: Task.Task<[message: string], unknown>
  /** `process.exit`. */
  readonly exit: Task.Task<[exitCode: number], unknown>
  /** Never ends, and a callback throws in its thread. */
  readonly crash: Task.Task<[message: string], unknown>
  /** Takes memory until there is none. */
  readonly exhaust: Task.Task<[], unknown>
  /** Writes so many bytes to standard error, and gives their number. */
  readonly flood: Task.Task<[bytes: number], number>
  /** Doubles each byte, and gives the buffer back, moved. */
  readonly double: Task.Task<[bytes: Uint8Array<ArrayBuffer>], Uint8Array<ArrayBuffer>>
  /** Gives a function, which cannot be copied. */
  readonly giveFunction: Task.Task<[], unknown>
  /**
   * Gives 0, 1, 2 … one by one, so many, and counts them in the first word; when it is returned
   * from, whether at its end or before, it sets the second. Throws a `RangeError` instead of `-1`.
   */
  readonly countUp: Task.Task<[cell: GateCell, count: number], Iterable<number>>
  /** The same as an async generator. */
  readonly countUpAsync: Task.Task<[cell: GateCell, count: number], AsyncIterable<number>>
  /** Gives 1, then computes until it is asked to stop, then gives 2. */
  readonly giveThenObey: Task.Task<[], Iterable<number>>
  /** Computes for ever, whatever it is asked. */
  readonly spin: Task.Task<[], unknown>
  /** Ends its process by this signal: in lanes of processes alone. */
  readonly kill: Task.Task<[signal: string], unknown>
  /** Gives two items of which the second cannot be copied. */
  readonly giveFunctions: Task.Task<[], Iterable<unknown>>
  /** Asks the loop to double each, and gives the sum; or the reason why it was not told. */
  readonly sumOfDoubles: Task.Task<[values: ReadonlyArray<number>], number | string>
  /** Does what it is told with locks, and gives what each step gave. */
  readonly act: Task.Task<[steps: ReadonlyArray<SyncStep>], ReadonlyArray<unknown>>
}

/** What a binder provides for the laws of lanes. */
export interface TaskEnvironment {
  readonly tasks: LawTasks
  /** Waits until a word that tasks write, as they go on, has become at least this. */
  readonly awaitWord: (
    words: Int32Array<SharedArrayBuffer>,
    index: number,
    atLeast: number
  ) => Effect.Effect<void>
}

// Laws that need it are planned only where it is there.
const environment = Effect.map(LawEnvironment, ({ tasks }) => Option.getOrThrow(tasks))

export const tasks = Effect.map(environment, (given) => given.tasks)

/** Where tasks are held up until the law lets them go. */
export class Gate {
  readonly cell: GateCell = new SharedArrayBuffer(8)
  private readonly words = new Int32Array(this.cell)

  /** How many have come. */
  get count(): number {
    return Atomics.load(this.words, 0)
  }

  /** Waits until so many have come. */
  awaitCount(count: number): Effect.Effect<void, never, LawEnvironment> {
    return Effect.flatMap(environment, ({ awaitWord }) => awaitWord(this.words, 0, count))
  }

  readonly open: Effect.Effect<void> = Effect.sync(() => {
    Atomics.store(this.words, 1, 1)
    Atomics.notify(this.words, 1)
  })
}
