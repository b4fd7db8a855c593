/** What a lane's threads tell each other by message. */
import type { PortAnswer } from "@portico/core/port/index"
import type { SeatTicket } from "@portico/core/sync/ThreadSeat"
import type { MessagePort } from "node:worker_threads"

/** What a worker is started with. */
export interface WorkerStart {
  /** Its index in the lane's memory. */
  readonly index: number
  readonly memory: SharedArrayBuffer
  readonly seat: SeatTicket | undefined
  readonly port: MessagePort
  /** The main thread's `performance.timeOrigin`, for times on its clock. */
  readonly timeOrigin: number
  /** Those that are known already, by their numbers. */
  readonly tasks: ReadonlyArray<TaskName>
}

export interface TaskName {
  readonly module: string
  readonly export: string
}

/** To a worker. */
export type Order =
  | { readonly _tag: "Task"; readonly number: number; readonly name: TaskName }
  | { readonly _tag: "Arguments"; readonly args: ReadonlyArray<unknown> }
  /** They could not be sent: the task is over. */
  | { readonly _tag: "NoArguments"; readonly problem: string }
  /** Of a call into the loop. */
  | { readonly _tag: "Answer"; readonly call: number; readonly answer: Answer }

export type Answer = PortAnswer | { readonly _tag: "NotCloneable" }

/** From a worker: that there is something to see in the memory, or a result of a slot. */
export type Notice =
  | 0
  | { readonly slot: number; readonly value: unknown }
  | { readonly slot: number; readonly item: unknown }
  | {
      readonly slot: number
      readonly call: number
      readonly name: string
      readonly args: ReadonlyArray<unknown>
    }
  | { readonly slot: number; readonly error: unknown }
  | { readonly slot: number; readonly notFound: string }
  | {
      readonly slot: number
      readonly notCloneable: "arguments" | "result"
      readonly problem: string
    }
