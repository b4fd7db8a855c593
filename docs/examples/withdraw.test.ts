import { Probe } from "@portico/sim"
import { sim } from "@portico/sim/vitest"
import { Effect } from "effect"

const makeAccount = (balance: number) => ({
  read: Effect.sync(() => balance),
  write: (value: number) => Effect.sync(() => void (balance = value))
})

const withdraw = Effect.fn("withdraw")(function* (
  account: ReturnType<typeof makeAccount>,
  amount: number
) {
  const balance = yield* account.read
  if (balance < amount) return 0
  yield* account.write(balance - amount)
  yield* Probe.committed
  return amount
})

const scenario = Effect.gen(function* () {
  const account = makeAccount(100)
  const both = [withdraw(account, 100), withdraw(account, 100)]
  const paid = yield* Effect.all(both, { concurrency: "unbounded" })
  yield* Probe.always("it pays what it has", paid[0]! + paid[1]! <= 100)
})

sim.test("an account is not overdrawn", scenario, { runs: 500 })
