/** What the threads of every contestant run. */
export const increment = (number: number): number => number + 1

export const burn = (millis: number): number => {
  const end = performance.now() + millis
  let rounds = 0
  while (performance.now() < end) rounds++
  return rounds
}
