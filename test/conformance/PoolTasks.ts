/** The functions behind `LawTasks`, in a real thread. */
import * as CancelFlag from "@portico/core/CancelFlag"
import * as LoopCall from "@portico/core/LoopCall"
import { Moved } from "@portico/core/Moved"
import type { GateCell } from "@portico/testkit/LawTasks"

/** As in the laws, which threads need not load. */
const doubled = LoopCall.make<[value: number], number>("double")

export const echo = (value: unknown): unknown => value

const come = (cell: GateCell): Int32Array<SharedArrayBuffer> => {
  const words = new Int32Array(cell)
  Atomics.add(words, 0, 1)
  Atomics.notify(words, 0)
  return words
}

export const count = (cell: GateCell): number => {
  const words = new Int32Array(cell)
  const before = Atomics.add(words, 0, 1)
  Atomics.notify(words, 0)
  return before
}

export const pass = (cell: GateCell): number => {
  const words = come(cell)
  while (Atomics.load(words, 1) === 0) Atomics.wait(words, 1, 0)
  return 7
}

export const obey = (cell: GateCell): number => {
  come(cell)
  while (!CancelFlag.isCancelled());
  return 8
}

export const obeyByThrowing = (cell: GateCell): number => {
  obey(cell)
  throw new Error("It was asked to stop")
}

export const fail = (message: string): never => {
  throw new RangeError(message)
}

export const exit = (exitCode: number): never => process.exit(exitCode)

export const crash = (message: string): Promise<never> =>
  new Promise(() => {
    setImmediate(() => {
      throw new RangeError(message)
    })
  })

export const exhaust = (): never => {
  const taken: Array<unknown> = []
  // With integers in the arrays Node 26 is stuck: neither the limit ends it nor anybody outside.
  for (;;) taken.push(Array(1_000).fill(Math.random()))
}

export const flood = (bytes: number): number => {
  const line = `${"x".repeat(1_023)}\n`
  for (let written = 0; written < bytes; written += line.length) process.stderr.write(line)
  return bytes
}

export const double = (bytes: Uint8Array<ArrayBuffer>): Moved<Uint8Array<ArrayBuffer>> => {
  for (let index = 0; index < bytes.length; index++) bytes[index]! *= 2
  return new Moved(bytes, [bytes.buffer])
}

export function* countUp(cell: GateCell, count: number): Generator<number> {
  const words = new Int32Array(cell)
  try {
    for (let next = 0; next < count; next++) {
      Atomics.add(words, 0, 1)
      Atomics.notify(words, 0)
      yield next
    }
    if (count < 0) throw new RangeError("too far")
  } finally {
    Atomics.store(words, 1, 1)
  }
}

export async function* countUpAsync(cell: GateCell, count: number): AsyncGenerator<number> {
  await Promise.resolve()
  yield* countUp(cell, count)
}

export function* giveThenObey(): Generator<number> {
  yield 1
  while (!CancelFlag.isCancelled());
  yield 2
}

export const spin = (): never => {
  for (;;);
}

export const kill = async (signal: NodeJS.Signals): Promise<never> => {
  process.kill(process.pid, signal)
  return new Promise(() => {})
}

export function* giveFunctions(): Generator<unknown> {
  yield 1
  yield () => {}
}

export const sumOfDoubles = (values: ReadonlyArray<number>): number | string => {
  try {
    return values.reduce((sum, value) => sum + LoopCall.ask(doubled, value), 0)
  } catch (error) {
    return error instanceof LoopCall.LoopCallError ? error.reason : String(error)
  }
}

export const giveFunction = (): (() => void) => () => {}
