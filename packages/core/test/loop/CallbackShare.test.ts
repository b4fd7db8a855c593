import { expect, it } from "vitest"
import { CallbackShare } from "../../src/internal/loop/CallbackShare.ts"

it("what fibers may take in callbacks is four turns' budgets, until the next turn", () => {
  const share = new CallbackShare(1)
  share.take(2)
  expect([share.isHalfTaken, share.isTaken]).toStrictEqual([false, false])
  share.take(2)
  expect([share.isHalfTaken, share.isTaken]).toStrictEqual([true, false])
  share.take(0.01)
  expect(share.isTaken).toBe(true)
  share.renew()
  expect([share.isHalfTaken, share.isTaken]).toStrictEqual([false, false])
})
