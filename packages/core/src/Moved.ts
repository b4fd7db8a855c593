/**
 * A result that is moved out of its worker instead of copied.
 *
 * What is listed is no longer the worker's afterwards (`ArrayBuffer`, `MessagePort`: the
 * transferable objects of HTML's structured clone).
 */
export class Moved<out A> {
  readonly value: A
  readonly transfer: ReadonlyArray<object>

  constructor(value: A, transfer: ReadonlyArray<object>) {
    this.value = value
    this.transfer = transfer
  }
}

/** In a task: `return Moved.of(bytes, [bytes.buffer])`. */
export const of = <A>(value: A, transfer: ReadonlyArray<object>): Moved<A> =>
  new Moved(value, transfer)
