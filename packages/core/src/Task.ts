/**
 * Work for another thread, named: an exported function of a module.
 *
 * A closure cannot cross threads, a name can. The types come from the module itself, by a type
 * import that no program runs:
 *
 * ```ts
 * import type * as Hashing from "./Hashing.ts"
 * const hashing = Task.module<typeof Hashing>(new URL("./Hashing.ts", import.meta.url))
 * const sha256 = hashing.task("sha256")
 * // …
 * yield* lane.run(sha256, ["some text"])
 * ```
 */
import type { Moved } from "./Moved.ts"

type AnyFunction = (...args: Array<never>) => unknown

/** What a caller gets of what a task's function gives: awaited, and out of `Moved.of`. */
export type ResultOf<R> = Awaited<R> extends Moved<infer A> ? A : Awaited<R>

/** What a task that gives many gives, one by one: its function gives an iterable of them. */
export type ItemOf<R> = R extends Iterable<infer A> | AsyncIterable<infer A>
  ? A extends Moved<infer B>
    ? B
    : A
  : never

/** The exports of a module that are functions. */
export type ExportOf<Module> = {
  [Name in keyof Module]: Module[Name] extends AnyFunction ? Name : never
}[keyof Module] &
  string

export interface Task<Args extends ReadonlyArray<unknown>, Result> {
  /** The module's URL. */
  readonly module: string
  /** The name of the function that it exports. */
  readonly export: string
  /** For the types alone; nothing is there. */
  readonly signature?: (...args: Args) => Result
}

export interface TaskModule<Module> {
  readonly url: string
  /**
   * The export of this name. The function is looked for when a worker first runs it: one that is
   * not there fails the task as `TaskNotFound`.
   */
  readonly task: <Name extends ExportOf<Module>>(
    name: Name
  ) => Module[Name] extends (...args: infer Args) => infer Result
    ? Task<Args, ResultOf<Result>>
    : never
}

/** A module by its URL, as text or as the host's `URL`; absolute, since workers are elsewhere. */
export const module = <Module>(url: string | { readonly href: string }): TaskModule<Module> => {
  const text = typeof url === "string" ? url : url.href
  return { url: text, task: (name) => ({ module: text, export: name }) as never }
}

/** `sha256 of file:///app/hashing.ts`. */
export const format = (task: { readonly module: string; readonly export: string }): string =>
  `${task.export} of ${task.module}`
