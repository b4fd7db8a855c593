/** What keeps fibers from holding the host: chains, promise loops, callbacks in a row. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { LoopRig } from "./LoopRig.ts"

/** The scheduler's own bound: resumes of one callback, or of one task. */
const resumesMax = 64

const numbers = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `${index}`)

/** Fibers that wait, each of which notes its number and wakes the next one. */
const chain = (rig: LoopRig, links: number) => {
  const fibers = rig.waiting(links, (index) =>
    Effect.andThen(
      rig.note(`${index}`),
      Effect.sync(() => fibers[index + 1]?.wake())
    )
  )
  rig.runSoon()
  return fibers
}

/** Fibers that wait, and hold the thread for `millis` each once they are woken. */
const serving = (rig: LoopRig, count: number, millis: number) => {
  const fibers = rig.waiting(count, (index) =>
    Effect.andThen(rig.busy(millis), rig.note(`${index}`))
  )
  rig.runSoon()
  return fibers
}

describe("a chain of resumes", () => {
  it("is cut after 64 of one callback; the rest runs in the next turn, in order", () => {
    const rig = new LoopRig()
    const fibers = chain(rig, 1000)
    rig.callback(() => fibers[0]!.wake())
    expect(rig.log).toEqual(numbers(resumesMax))
    expect(rig.snapshot).toMatchObject({ putOff: 1, queueLength: 1 })
    expect(rig.settle()).toBe(1)
    expect(rig.log).toEqual(numbers(1000))
  })

  it("is counted anew in each callback and each task", () => {
    const rig = new LoopRig()
    for (let round = 0; round < 3; round++) {
      const fibers = chain(rig, resumesMax)
      rig.callback(() => fibers[0]!.wake())
    }
    expect(rig.snapshot.putOff).toBe(0)
    expect(rig.log).toHaveLength(3 * resumesMax)
  })

  it("a fiber's first step is never put off", () => {
    const rig = new LoopRig()
    rig.callback(() => {
      for (let index = 0; index < 1000; index++) rig.run(rig.note(`${index}`))
    })
    expect(rig.log).toEqual(numbers(1000))
    expect(rig.snapshot).toMatchObject({ putOff: 0, tasks: 0 })
  })
})

describe("resumes outside of any callback that the scheduler knows (a promise loop)", () => {
  it("64 of them without a turn, then they wait for one, however many microtasks run", () => {
    const rig = new LoopRig()
    const fibers = serving(rig, 100, 0)
    rig.callback(() => {})
    for (const { wake } of fibers) {
      wake()
      rig.runSoon()
    }
    expect(rig.log).toEqual(numbers(resumesMax))
    expect(rig.armed).toBe(1)
    expect(rig.settle()).toBe(1)
    expect(rig.log).toEqual(numbers(100))
  })

  it("a microtask ends a stretch, but only four of them before a turn is asked for", () => {
    const rig = new LoopRig()
    const fibers = serving(rig, 6, 0)
    rig.settle()
    const asked = fibers.map(({ wake }) => {
      wake()
      const count = rig.soon.length
      rig.runSoon()
      return [count, rig.armed]
    })
    // One of the four was the start of the fibers.
    expect(asked.slice(0, 3)).toEqual([
      [1, 0],
      [1, 0],
      [1, 0]
    ])
    expect(asked.slice(3)).toEqual([
      [0, 1],
      [0, 1],
      [0, 1]
    ])
    rig.settle()
    expect(rig.snapshot.callbacks).toBe(5)
  })
})

describe("callbacks one after another", () => {
  it("use 4 ms, and further ones queue up; a turn is asked for when half of it is used", () => {
    const rig = new LoopRig()
    const armed = serving(rig, 8, 1).map(({ wake }) => {
      rig.callback(wake)
      return rig.armed
    })
    expect(armed).toEqual([0, 0, 1, 1, 1, 1, 1, 1])
    expect(rig.log).toEqual(numbers(5))
    expect(rig.snapshot).toMatchObject({ putOff: 3, queueLength: 3, callbacks: 9 })
    rig.settle()
    expect(rig.log).toEqual(numbers(8))
  })

  it("have their 4 ms anew after a turn, also where it had nothing to do", () => {
    const rig = new LoopRig()
    for (const { wake } of serving(rig, 30, 1)) {
      rig.callback(wake)
      rig.loop.turn()
    }
    expect(rig.log).toHaveLength(30)
    expect(rig.snapshot).toMatchObject({ putOff: 0, turns: 0 })
  })

  it("what they wake goes before what queued up earlier, and none overtakes another", () => {
    const rig = new LoopRig()
    rig.run(Effect.andThen(Effect.yieldNow, rig.note("queued")))
    const fibers = serving(rig, 9, 1)
    for (const { wake } of fibers.slice(0, 8)) rig.callback(wake)
    rig.loop.turn()
    expect(rig.log).toEqual(numbers(6))
    // The callbacks have 4 ms again, but 6 and 7 wait still.
    rig.callback(fibers[8]!.wake)
    expect(rig.log).toEqual(numbers(6))
    rig.settle()
    expect(rig.log).toEqual([...numbers(9), "queued"])
  })

  it("nest: the outermost is one callback; one in which no fiber runs is none, and no look", () => {
    const rig = new LoopRig()
    const [fiber] = serving(rig, 1, 0)
    const { callbacks } = rig.snapshot
    const { looks } = rig.loop
    for (let index = 0; index < 100; index++) rig.callback(() => {})
    expect(rig.loop.looks).toBe(looks)
    rig.callback(() => rig.callback(fiber!.wake))
    expect(rig.snapshot.callbacks).toBe(callbacks + 1)
    expect(rig.loop.looks - looks).toBeGreaterThan(0)
  })
})

describe("callbacks so many that they share looks", () => {
  /** As many callbacks at one time as there are looks for callbacks of their own. */
  const flooded = (): LoopRig => {
    const rig = new LoopRig()
    const fibers = serving(rig, 520, 0)
    for (const { wake } of fibers) rig.callback(wake)
    return rig
  }

  it("sixteen share one, and a turn is armed, which is no turn of the queue", () => {
    const rig = flooded()
    const fibers = serving(rig, 800, 0)
    const { callbacks, turns } = rig.snapshot
    const { looks } = rig.loop
    for (const { wake } of fibers) rig.callback(wake)
    expect(rig.loop.looks - looks).toBe(50)
    expect(rig.snapshot.callbacks - callbacks).toBe(800)
    expect(rig.armed).toBe(1)
    rig.loop.turn()
    expect(rig.armed).toBe(0)
    expect(rig.snapshot.turns).toBe(turns)
  })

  it("fewer share one where they are slower, so that it comes before a long step", () => {
    const rig = flooded()
    /** The most of them that shared one look. */
    const sharing = (count: number, millis: number): number => {
      const fibers = serving(rig, count, millis)
      rig.settle()
      let [most, since] = [0, 0]
      for (const { wake } of fibers) {
        const { looks } = rig.loop
        rig.callback(wake)
        most = Math.max(most, ++since)
        if (rig.loop.looks > looks) since = 0
      }
      return most
    }
    expect([20, 20, 20, 20].map((count) => sharing(count, 1 / 8))).toEqual([16, 8, 4, 4])
    expect(sharing(40, 1 / 128)).toBe(16)
  })

  it("count as busy, and as I/O, for as long as they take together", () => {
    const rig = flooded()
    const before = rig.snapshot.turnTime
    const fibers = serving(rig, 640, 1 / 64)
    for (const { wake } of fibers) rig.callback(wake)
    const ran = rig.log.length - 520
    // 4 ms are 256 of them, and up to sixteen that share the look which sees it.
    expect(ran).toBeGreaterThan(256)
    expect(ran).toBeLessThanOrEqual(256 + 16)
    expect(rig.snapshot).toMatchObject({ putOff: 640 - ran, queueLength: 640 - ran })
    rig.settle()
    expect(rig.log).toHaveLength(520 + 640)
    expect(rig.snapshot.turnTime.sumMillis - before.sumMillis).toBe(10)
  })

  it("have looks of their own again when time has passed", () => {
    const rig = flooded()
    rig.settle()
    rig.loop.millis += 1000
    const fibers = serving(rig, 10, 0)
    const { looks } = rig.loop
    for (const { wake } of fibers) rig.callback(wake)
    expect(rig.loop.looks - looks).toBe(20)
    expect(rig.armed).toBe(0)
  })

  it("arm no turn for it where one comes between two polls, and try again at times", () => {
    const rig = flooded()
    const fibers = serving(rig, 500, 0)
    rig.settle()
    const armed = (polls: number, atOnce: number): number => {
      let turns = 0
      for (let poll = 0; poll < polls; poll++) {
        for (const { wake } of fibers.splice(0, atOnce)) rig.callback(wake)
        turns += rig.armed
        rig.settle()
      }
      return turns
    }
    // Nobody shares it: the next after 4, 8, 16, 32 and then 60 that had none.
    expect(armed(1 + 5 + 9 + 17 + 33, 1)).toBe(5)
    expect(armed(2 * 61, 1)).toBe(2)
    expect(armed(62, 2)).toBe(2)
    // Two share it with the first of three, which makes up for it: each poll arms one then.
    armed(21, 3)
    expect(armed(10, 3)).toBe(10)
    expect(rig.log).toHaveLength(520 + 65 + 122 + 124 + 63 + 30)
    // Anew after each success.
    armed(1, 1)
    expect(armed(5, 1)).toBe(1)
  })

  it("so do resumes outside of any callback, behind the first, up to the turn that it arms", () => {
    const rig = flooded()
    const fibers = serving(rig, 10, 0)
    const before = serving(rig, 63, 0)
    rig.settle()
    // Callbacks that share: a turn is worth it.
    for (const { wake } of before) rig.callback(wake)
    rig.settle()
    const { callbacks, turns } = rig.snapshot
    const { looks } = rig.loop
    for (const { wake } of fibers) {
      wake()
      rig.runSoon()
    }
    expect(rig.armed).toBe(1)
    rig.settle()
    // Two for the first, and one for the turn.
    expect(rig.loop.looks - looks).toBe(3)
    expect(rig.snapshot.turns).toBe(turns)
    // Behind the fourth one stretch goes on until the turn.
    expect(rig.snapshot.callbacks - callbacks).toBe(5)
  })
})

describe("a fiber that wakes another one for each message", () => {
  /** Steps enough, at one time, that further ones share looks. */
  const flooded = (): LoopRig => {
    const rig = new LoopRig()
    rig.run(Effect.forEach(Array.from({ length: 1100 }), () => Effect.yieldNow))
    rig.settle()
    return rig
  }

  const waking = (rig: LoopRig, count: number, millis: number) => {
    const fibers = rig.waiting(count, () => rig.busy(millis))
    rig.settle()
    const all = Effect.forEach(fibers, ({ wake }) => Effect.sync(wake), { discard: true })
    rig.run(Effect.andThen(Effect.andThen(Effect.yieldNow, rig.computing(64, 0)), all))
    return rig
  }

  it("looks at the clock a few times for all of them, while they are quick", () => {
    const rig = waking(flooded(), 48, 0)
    const { looks } = rig.loop
    rig.settle()
    expect(rig.loop.looks - looks).toBeLessThanOrEqual(48 / 3)
  })

  it("is told to yield when they are not", () => {
    const rig = waking(flooded(), 48, 0.1)
    const { slices, turns } = rig.snapshot
    rig.settle()
    expect(rig.snapshot.slices - slices).toBeGreaterThanOrEqual(3)
    expect(rig.snapshot.turns - turns).toBeGreaterThanOrEqual(3)
  })
})
