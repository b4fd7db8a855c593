/** Throws unless both are the same, as JSON. */
export const same = (actual: unknown, expected: unknown): void => {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (found !== wanted) throw new Error(`found ${found}, expected ${wanted}`)
}

export const holds = (isSo: boolean, what: string): void => {
  if (!isSo) throw new Error(what)
}
