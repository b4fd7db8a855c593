/** Accounts whose withdrawals read, think and write, without a lock: money is spent twice. */
import { Probe } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Semaphore from "effect/Semaphore"
import type { Canary } from "./Canary.ts"

interface Account {
  balance: number
}

const balanceOf = (account: Account) => Effect.sync(() => account.balance)

const setBalance = (account: Account, balance: number) =>
  Effect.sync(() => void (account.balance = balance))

/** Gives what was paid out. */
const withdraw = (account: Account, amount: number) =>
  Effect.gen(function* () {
    const balance = yield* balanceOf(account)
    if (balance < amount) return 0
    yield* setBalance(account, balance - amount)
    yield* Probe.committed
    return amount
  })

const scenario = (lock: (semaphore: Semaphore.Semaphore) => typeof withdraw) =>
  Effect.gen(function* () {
    const account: Account = { balance: 100 }
    const withdrawing = lock(yield* Semaphore.make(1))
    const fibers = yield* Effect.forEach([100, 100], (amount) =>
      Effect.forkChild(withdrawing(account, amount))
    )
    const paid = yield* Fiber.joinAll(fibers)
    const sum = paid.reduce((total, amount) => total + amount, account.balance)
    yield* Probe.always("no money appears", sum === 100, `${sum}`)
  })

export const doubleSpend: Canary = {
  name: "double spend",
  buggy: scenario(() => withdraw),
  fixed: scenario(
    (semaphore) => (account, amount) => semaphore.withPermit(withdraw(account, amount))
  ),
  fails: "violation: always no money appears",
  seeds: 50
}
