/** Transfers lock the account they take from, then the other: two that cross wait for ever. */
import { Probe } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Semaphore from "effect/Semaphore"
import type { Canary } from "./Canary.ts"

class Account {
  readonly id: number
  readonly lock = Semaphore.makeUnsafe(1)
  balance = 100

  constructor(id: number) {
    this.id = id
  }
}

const transfer = (from: Account, to: Account, isFixed: boolean) => {
  const [first, second] = isFixed && from.id > to.id ? [to, from] : [from, to]
  const move = Effect.sync(() => {
    from.balance -= 10
    to.balance += 10
  })
  return first.lock.withPermit(second.lock.withPermit(Effect.andThen(move, Probe.committed)))
}

const scenario = (isFixed: boolean) =>
  Effect.gen(function* () {
    const [a, b] = [new Account(1), new Account(2)]
    const one = yield* Effect.forkChild(transfer(a, b, isFixed))
    const other = yield* Effect.forkChild(transfer(b, a, isFixed))
    yield* Fiber.joinAll([one, other])
    yield* Probe.always("the sum stays", a.balance + b.balance === 200)
  })

export const crossedLocks: Canary = {
  name: "crossed locks",
  buggy: scenario(false),
  fixed: scenario(true),
  fails: "deadlock: ",
  seeds: 50
}
