/** Equality of plain data, for laws that run without a test runner. */
export const deepStrictEqual = (actual: unknown, expected: unknown): void => {
  const [left, right] = [text(actual), text(expected)]
  if (left !== right) throw new Error(`Expected ${right}, got ${left}`)
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (inner === undefined ? "undefined" : inner))
