import { describe, expect, it } from "vitest"
import { CallbackShare } from "../../src/internal/loop/CallbackShare.ts"

/** A turn of 1 ms gives callbacks 4. */
const taken = (millis: number): CallbackShare => {
  const share = new CallbackShare(1)
  share.renew(10)
  share.take(millis)
  return share
}

describe("what fibers may take in callbacks", () => {
  it("is four turns' budgets while somebody waits, however many callbacks there are", () => {
    expect(taken(4).isTaken(1_000, true)).toBe(false)
    expect(taken(4.01).isTaken(1_000, true)).toBe(true)
  })

  it("grows by 25 µs with each callback since the turn while nobody does", () => {
    // 100 callbacks: 2.5 ms.
    expect(taken(6.49).isTaken(110, false)).toBe(false)
    expect(taken(6.51).isTaken(110, false)).toBe(true)
    expect(taken(4.01).isTaken(10, false)).toBe(true)
  })

  it("is whole again after a turn", () => {
    const share = taken(100)
    expect(share.isHalfTaken).toBe(true)
    share.renew(20)
    expect([share.isHalfTaken, share.isTaken(20, true)]).toStrictEqual([false, false])
    share.take(2.01)
    expect(share.isHalfTaken).toBe(true)
  })
})
