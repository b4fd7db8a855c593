/** What `Mishaps` runs in its threads. */
export const square = (number: number): number => number ** 2

export const exit = (exitCode: number): never => process.exit(exitCode)

export const spin = (cell: SharedArrayBuffer): never => {
  Atomics.store(new Int32Array(cell), 0, 1)
  for (;;);
}

export const exhaust = (): never => {
  const taken: Array<unknown> = []
  for (;;) taken.push(Array(1_000).fill(Math.random()))
}

export const meet = (cell: SharedArrayBuffer, count: number): void => {
  const words = new Int32Array(cell)
  Atomics.add(words, 0, 1)
  while (Atomics.load(words, 0) < count);
}
