/** The loop's port, on Node and, but for its phases, on Bun. */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { cellBytes, notify } from "@portico/core/WakeUp"
import { describe, expect, it } from "vitest"
import { NodeLoop } from "../../src/loop/NodeLoop.ts"
import type { Notification } from "./Notifier.ts"

const loop = new NodeLoop()

const immediate = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const timer = (millis: number): Promise<void> =>
  new Promise((resolve) => loop.startTimer(millis, resolve))

describe("time", () => {
  it("is one clock, in milliseconds and in nanoseconds", () => {
    for (let round = 0; round < 1000; round++) {
      const before = loop.nowMillis()
      const nanos = Number(loop.nowNanos())
      const after = loop.nowMillis()
      expect(nanos).toBeGreaterThanOrEqual(Math.round(before * 1e6))
      expect(nanos).toBeLessThanOrEqual(Math.round(after * 1e6))
    }
  })

  it("tells steps of less than a tenth of a millisecond apart", () => {
    // The least of many: the machine may have lent the processor to others meanwhile.
    const steps = Array.from({ length: 100 }, () => {
      const begin = loop.nowNanos()
      let next = begin
      while (next === begin) next = loop.nowNanos()
      return Number(next - begin)
    })
    expect(Math.min(...steps)).toBeLessThan(100_000)
  })
})

describe("turns", () => {
  it("what comes soon runs before a turn, and neither inside the call", async () => {
    const events: Array<string> = []
    loop.armTurn(() => events.push("turn"))
    loop.soon(() => events.push("soon"))
    events.push("called")
    await immediate()
    expect(events).toEqual(["called", "soon", "turn"])
  })
})

describe("timers", () => {
  it("of one length call back in the order of their start, at most 1 ms early", async () => {
    const fired: Array<number> = []
    const early: Array<number> = []
    const starts = Array.from({ length: 50 }, (_, index) => {
      const begin = loop.nowMillis()
      return new Promise<void>((resolve) => {
        loop.startTimer(5, () => {
          fired.push(index)
          early.push(begin + 5 - loop.nowMillis())
          resolve()
        })
      })
    })
    await Promise.all(starts)
    expect(fired).toEqual(Array.from({ length: 50 }, (_, index) => index))
    expect(Math.max(...early)).toBeLessThan(1)
  })

  it("of 0 ms call back later", async () => {
    let isInside = true
    const fired = new Promise<boolean>((resolve) => loop.startTimer(0, () => resolve(isInside)))
    isInside = false
    expect(await fired).toBe(false)
  })

  it("of the longest length, 2^31 - 1 ms, do not call back at once", async () => {
    let hasFired = false
    const longest = loop.startTimer(2 ** 31 - 1, () => (hasFired = true))
    await timer(2)
    expect(hasFired).toBe(false)
    longest.cancel()
  })

  it("that were cancelled do not call back; cancelling twice or too late is nothing", async () => {
    let calls = 0
    const cancelled = loop.startTimer(1, () => calls++)
    cancelled.cancel()
    cancelled.cancel()
    const fired = await new Promise<ReturnType<typeof loop.startTimer>>((resolve) => {
      const one = loop.startTimer(1, () => resolve(one))
    })
    fired.cancel()
    await timer(2)
    expect(calls).toBe(0)
  })
})

describe("wake-ups of this thread", () => {
  it("are delivered later, in the order of first wakes, many of one as one", async () => {
    const events: Array<string> = []
    const [a, b, c] = ["a", "b", "c"].map((name) =>
      loop.openWakeUp(undefined, () => events.push(name))
    )
    b!.wake()
    for (let wake = 0; wake < 100; wake++) for (const one of [a, b, c]) one!.wake()
    events.push("called")
    await immediate()
    expect(events).toEqual(["called", "b", "a", "c"])
    for (const one of [a, b, c]) one!.close()
  })

  it("are delivered again when woken meanwhile", async () => {
    let calls = 0
    const wakeUp = loop.openWakeUp(undefined, () => {
      if (++calls < 3) wakeUp.wake()
    })
    wakeUp.wake()
    for (let turn = 0; turn < 5; turn++) await immediate()
    expect(calls).toBe(3)
    wakeUp.close()
  })

  it("are not delivered once closed", async () => {
    let calls = 0
    const wakeUp = loop.openWakeUp(undefined, () => calls++)
    wakeUp.wake()
    wakeUp.close()
    wakeUp.wake()
    wakeUp.setRef(true)
    wakeUp.close()
    await immediate()
    expect(calls).toBe(0)
  })
})

/** Cells, and a worker thread that notifies them. */
class Cells implements AsyncDisposable {
  readonly calls: Array<string> = []
  private readonly names: string
  private readonly cells: ReadonlyArray<SharedArrayBuffer>
  private readonly wakeUps: ReadonlyArray<ReturnType<typeof loop.openWakeUp>>
  private readonly worker: Worker
  private waiting: (() => void) | undefined

  constructor(names: string) {
    this.names = names
    this.cells = Array.from(names, () => new SharedArrayBuffer(cellBytes))
    this.wakeUps = this.cells.map((cell, index) =>
      loop.openWakeUp(cell, () => {
        this.calls.push(names[index]!)
        this.waiting?.()
      })
    )
    this.worker = new Worker(new URL("Notifier.ts", import.meta.url), { workerData: this.cells })
  }

  async notify(...notifications: ReadonlyArray<Notification>): Promise<ReadonlyArray<boolean>> {
    this.worker.postMessage(notifications)
    const [answers] = (await once(this.worker, "message")) as [ReadonlyArray<boolean>]
    return answers
  }

  /** How often the cell was notified. */
  count(name: string): number {
    return Atomics.load(new Int32Array(this.cells[this.names.indexOf(name)]!), 0)
  }

  async called(times: number): Promise<void> {
    while (this.calls.length < times) {
      await new Promise<void>((resolve) => (this.waiting = resolve))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const wakeUp of this.wakeUps) wakeUp.close()
    const exit = once(this.worker, "exit")
    this.worker.postMessage("end")
    await exit
  }
}

describe("wake-ups by another thread", () => {
  it("come in the order in which it notified, again and again", async () => {
    await using cells = new Cells("abc")
    for (let round = 1; round <= 20; round++) {
      const answers = await cells.notify(
        { cell: 2, times: 1 },
        { cell: 0, times: 1 },
        { cell: 1, times: 1 }
      )
      expect(answers).toEqual([true, true, true])
      await cells.called(3 * round)
      expect(cells.calls.slice(-3).join("")).toBe("cab")
    }
  })

  it("coalesce: a thousand while the loop is busy are one", async () => {
    await using cells = new Cells("a")
    await cells.notify({ cell: 0, times: 1 })
    await cells.called(1)
    const answered = cells.notify({ cell: 0, times: 1000 })
    // This thread does not return to its loop before the other has notified.
    const deadline = loop.nowMillis() + 4000
    while (cells.count("a") < 1001 && loop.nowMillis() < deadline);
    await answered
    await cells.called(2)
    for (let turn = 0; turn < 5; turn++) await immediate()
    expect(cells.calls).toEqual(["a", "a"])
  })

  it("are delivered when notified from this thread, too", async () => {
    const cell = new SharedArrayBuffer(cellBytes)
    const called = new Promise<void>((resolve) => {
      const wakeUp = loop.openWakeUp(cell, () => {
        wakeUp.close()
        resolve()
      })
    })
    expect(notify(cell)).toBe(true)
    await called
  })
})
