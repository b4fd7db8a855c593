/** When a second look comes: a whole settle time after each hint, however closely they follow. */
import { expect, it } from "vitest"
import { LoopTimers } from "../../src/internal/loop/LoopTimers.ts"
import { PendingLooks } from "../../src/internal/watch/PendingLooks.ts"
import { SecondLook } from "../../src/internal/watch/SecondLook.ts"
import { ScriptedLoop } from "../scripted/ScriptedLoop.ts"

const settleMillis = 5

/** Looks, as `millis name`. */
const makeRig = () => {
  const loop = new ScriptedLoop((callback) => callback())
  const looks: Array<string> = []
  const start = loop.millis
  const again: SecondLook = new SecondLook(new LoopTimers(loop), settleMillis, () => {
    const pending = new PendingLooks()
    again.moveTo(pending)
    for (const [directory, names] of pending.take()) {
      const at = loop.millis - start
      for (const name of names?.keys() ?? ["*"]) looks.push(`${at} ${directory}/${name}`)
    }
  })
  /** Lets time pass up to `millis` after the start, timer by timer. */
  const until = (millis: number) => {
    while (loop.millis < start + millis) {
      const left = start + millis - loop.millis
      loop.advance(Math.min(left, ...loop.timers.map(({ at }) => at - loop.millis)))
    }
  }
  return { again, loop, looks, until }
}

it("looks again at what was hinted at, once", () => {
  const { again, looks, until } = makeRig()
  again.addName("/d", "a")
  until(100)
  again.addAll("/e")
  until(200)
  expect(looks).toEqual(["5 /d/a", "105 /e/*"])
})

it("looks again a whole time after a hint that came while the timer ran", () => {
  const { again, looks, until } = makeRig()
  again.addName("/d", "a")
  until(4)
  again.addName("/d", "a")
  again.addName("/d", "b")
  until(4.5)
  again.addAll("/e")
  until(100)
  expect(looks).toEqual(["5 /d/a", "10 /d/a", "10 /d/b", "10 /e/*"])
})

it("looks again during hints without end, and not without bound", () => {
  const { again, looks, until } = makeRig()
  for (let millis = 0; millis < 50; millis++) {
    until(millis)
    again.addName("/d", "a")
  }
  until(100)
  expect(looks.map((look) => look.split(" ")[0])).toEqual(
    Array.from({ length: 11 }, (_, index) => `${5 + index * settleMillis}`)
  )
})

it("does not look again after close", () => {
  const { again, looks, until } = makeRig()
  again.addName("/d", "a")
  until(4)
  again.addName("/d", "b")
  again.close()
  expect(again.isDue).toBe(false)
  until(100)
  expect(looks).toEqual([])
})
