/** What a lane's processes and this one tell each other, over IPC with advanced serialization. */
import type { TaskName } from "../WorkerMessages.ts"

/** To a process. `number` is the task's, from 1. */
export type ProcessOrder =
  | {
      readonly _tag: "Run"
      readonly number: number
      readonly task: TaskName
      readonly args: ReadonlyArray<unknown>
      readonly itemsMax: number
    }
  | { readonly _tag: "Allow"; readonly number: number; readonly count: number }

/** From a process. */
export type ProcessNotice =
  | { readonly _tag: "Ready" }
  /** Nobody caught it: the process ends. */
  | { readonly _tag: "Crash"; readonly error: unknown }
  | { readonly _tag: "Item"; readonly number: number; readonly item: unknown }
  | { readonly _tag: "Succeeded"; readonly number: number; readonly value: unknown }
  | { readonly _tag: "Failed"; readonly number: number; readonly error: unknown }
  | { readonly _tag: "NotFound"; readonly number: number; readonly problem: string }
  | { readonly _tag: "NotCloneable"; readonly number: number; readonly problem: string }

/** Where a process finds the file that says which task is to stop: four bytes, its number. */
export const cancelDescriptor = 4
