import * as CancelFlag from "@portico/core/CancelFlag"

/** How many primes there are below `limit`; by trial division, to have something to do. */
export const countPrimes = (limit: number): number => {
  let count = 0
  for (let n = 2; n < limit && !CancelFlag.isCancelled(); n++) {
    let divisor = 2
    while (divisor * divisor <= n && n % divisor !== 0) divisor++
    if (divisor * divisor > n) count++
  }
  return count
}
