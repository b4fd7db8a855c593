import type { LoopPort } from "@portico/core/port/index"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { SimLoop } from "../../src/port/SimLoop.ts"
import { SimScheduler } from "../../src/effect/SimScheduler.ts"
import { StrandKind } from "../../src/loop/Strand.ts"
import type { World } from "../../src/World.ts"
import { makeWorld, runAll, type TestWorldOptions } from "../TestWorld.ts"

const orders = ["fifo", "random"] as const

/** A loop in a world that nothing else keeps alive, and what is noted in it. */
const make = (options: TestWorldOptions = {}) => {
  const world = makeWorld(options)
  world.countRef(-1)
  const ran: Array<string> = []
  const loop: LoopPort = new SimLoop(world)
  return { world, loop, ran, note: (name: string) => () => void ran.push(name) }
}

describe("a wake-up", () => {
  it.each(orders)("is told of once for all wakes before it, later, in order %s", (order) => {
    const { loop, note, ran, world } = make({ order })
    const wakeUp = loop.openWakeUp(undefined, note("woken"))
    world.later(() => {
      for (let wake = 0; wake < 5; wake++) wakeUp.wake()
      ran.push("after wake")
    })
    expect(runAll(world)).toBe("stuck")
    expect(ran).toEqual(["after wake", "woken"])
    wakeUp.wake()
    wakeUp.wake()
    runAll(world)
    expect(ran).toEqual(["after wake", "woken", "woken"])
  })

  it("can be woken again from its own callback", () => {
    const { loop, ran, world } = make()
    const wakeUp = loop.openWakeUp(undefined, () => {
      if (ran.push("woken") < 3) wakeUp.wake()
    })
    wakeUp.wake()
    runAll(world)
    expect(ran).toHaveLength(3)
  })

  it("comes in the order of first wakes, whatever the order of steps", () => {
    for (let seed = 0; seed < 30; seed++) {
      const { loop, note, ran, world } = make({ seed, order: "random" })
      const wakeUps = ["a", "b", "c", "d"].map((name) => loop.openWakeUp(undefined, note(name)))
      world.later(() => {
        for (const index of [2, 0, 2, 3, 1, 0]) wakeUps[index]!.wake()
      })
      runAll(world)
      expect(ran).toEqual(["c", "a", "d", "b"])
    }
  })

  it("tells nothing once closed, of earlier wakes either", () => {
    const { loop, note, ran, world } = make()
    const wakeUp = loop.openWakeUp(undefined, note("woken"))
    wakeUp.wake()
    wakeUp.close()
    wakeUp.wake()
    wakeUp.close()
    expect(runAll(world)).toBe("notAlive")
    expect(ran).toEqual([])
  })

  it("keeps the loop alive until it is unref'd or closed", () => {
    const { loop, world } = make()
    const wakeUp = loop.openWakeUp(undefined, () => {})
    expect(world.isAlive).toBe(true)
    wakeUp.setRef(false)
    expect(world.isAlive).toBe(false)
    wakeUp.setRef(true)
    expect(world.isAlive).toBe(true)
    wakeUp.close()
    wakeUp.setRef(true)
    expect(world.isAlive).toBe(false)
  })
})

describe("a timer", () => {
  it("keeps the loop alive unless it is unref'd, and then fires all the same if it lives", () => {
    const { loop, note, ran, world } = make()
    const unref = loop.startTimer(1, note("unref'd"))
    unref.setRef(false)
    expect(runAll(world)).toBe("notAlive")
    expect(ran).toEqual([])
    loop.startTimer(2, note("ref'd"))
    expect(runAll(world)).toBe("notAlive")
    expect(ran).toEqual(["unref'd", "ref'd"])
  })

  it("ref'd again keeps it alive again", () => {
    const { loop, note, ran, world } = make()
    const timer = loop.startTimer(1, note("fired"))
    timer.setRef(false)
    timer.setRef(true)
    timer.setRef(true)
    expect(runAll(world)).toBe("notAlive")
    expect(ran).toEqual(["fired"])
    timer.setRef(true)
    timer.cancel()
    expect(world.isAlive).toBe(false)
  })

  it("cancelled does not fire, nor keep it alive", () => {
    const { loop, note, ran, world } = make()
    const timer = loop.startTimer(1, note("fired"))
    timer.cancel()
    timer.cancel()
    timer.setRef(true)
    expect(runAll(world)).toBe("notAlive")
    expect(ran).toEqual([])
  })

  it("of 0 fires in a later iteration, and those of one length in their order", () => {
    for (const order of orders) {
      const { loop, note, ran, world } = make({ order })
      world.later(() => {
        for (const name of ["a", "b", "c"]) loop.startTimer(0, note(name))
        ran.push("started")
      })
      runAll(world)
      expect(ran).toEqual(["started", "a", "b", "c"])
    }
  })

  it("is never early, and at most a few steps late", () => {
    const { loop, world } = make()
    const late: Array<number> = []
    for (const millis of [0, 1, 7, 2 ** 31 - 1]) {
      const began = loop.nowMillis()
      loop.startTimer(millis, () => late.push(loop.nowMillis() - began - millis))
    }
    runAll(world)
    expect(late).toHaveLength(4)
    for (const millis of late) {
      expect(millis).toBeGreaterThan(0)
      expect(millis).toBeLessThan(0.002)
    }
  })
})

describe("a turn", () => {
  it("that is armed comes once, after the poll and before fibers", () => {
    const { loop, note, ran, world } = make()
    world.post(world.strand(StrandKind.fiber), note("fiber"))
    world.post(world.strand(StrandKind.port), note("I/O"))
    loop.armTurn(note("turn"))
    runAll(world)
    expect(ran).toEqual(["I/O", "turn", "fiber"])
  })

  it("is soon over: what is to come soon comes before the next step", () => {
    const { loop, note, ran, world } = make()
    world.later(() => {
      loop.soon(note("soon"))
      ran.push("step")
    })
    world.later(note("next"))
    runAll(world)
    expect(ran).toEqual(["step", "soon", "next"])
  })
})

describe("the time", () => {
  const turnMillisOf = (world: World) => new SimScheduler(world, () => {})

  it("of a turn stands still while steps take time, until somebody looks", () => {
    const { loop, world } = make()
    const scheduler = turnMillisOf(world)
    const times: Array<readonly [number, number]> = []
    const note = () => times.push([loop.nowMillis(), scheduler.turnMillis])
    const strand = world.strand(StrandKind.fiber)
    world.startTimer(1_000_000, () => {
      for (let step = 0; step < 3; step++) world.post(strand, note)
      world.post(strand, () => {
        expect(scheduler.refreshTime()).toBe(world.now / 1e6)
        note()
      })
      world.post(strand, note)
    })
    runAll(world)
    // The timer, a poll of a microsecond that finds nothing, and then fibers.
    expect(times).toEqual([
      [1.0012, 1.0011],
      [1.0013, 1.0011],
      [1.0014, 1.0011],
      [1.0015, 1.0015],
      [1.0016, 1.0015]
    ])
  })

  it("is one clock, in nanoseconds too", () => {
    const { loop, world } = make()
    loop.startTimer(3, () => {})
    runAll(world)
    expect(loop.nowNanos()).toBe(3_000_100n)
    expect(loop.nowMillis()).toBe(3.0001)
  })

  it("that the loop was busy is what its steps took", () => {
    const { loop, world } = make()
    expect(loop.utilization()).toBe(0)
    loop.startTimer(1, () => {})
    runAll(world)
    expect(loop.utilization()).toBeCloseTo(100 / 1_000_100, 12)
    expect(loop.hostResources()).toEqual([])
  })
})

describe("hooks", () => {
  it("run fibers that they wake, in the step of the call", () => {
    const { loop, ran, world } = make()
    const scheduler = new SimScheduler(world, () => {})
    let resume: ((effect: Effect.Effect<void>) => void) | undefined
    const waiting = Effect.callback<void>((wake) => {
      resume = wake
    })
    const program = Effect.andThen(
      waiting,
      Effect.sync(() => ran.push(`woken in step ${world.steps}`))
    )
    world.later(() => void Effect.runFork(program, { scheduler }))
    loop.startTimer(1, () => {})
    const hook = loop.hookPhase("check", () => {
      ran.push(`called in step ${world.steps}`)
      resume?.(Effect.void)
      hook!.remove()
    })
    runAll(world)
    expect(ran).toEqual(["called in step 2", "woken in step 2"])
    expect(world.isAlive).toBe(false)
  })
})
