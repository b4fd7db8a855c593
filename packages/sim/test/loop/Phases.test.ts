import * as Phase from "@portico/core/Phase"
import { describe, expect, it } from "vitest"
import { fiberStepsMax } from "../../src/loop/Quotas.ts"
import { StrandKind } from "../../src/loop/Strand.ts"
import type { World } from "../../src/World.ts"
import { makeWorld, posters, runAll } from "../TestWorld.ts"

/** Hooks every phase, unref'd, so that they see the iterations that happen anyway. */
const hookAll = (world: World, note: (name: string) => void) =>
  Phase.all.map((phase) => {
    const hook = world.hooks.add(phase, () => note(`<${phase}>`))
    hook.setRef(false)
    return hook
  })

describe("an iteration", () => {
  it("has every phase of libuv, in its order, with its hooks first and its tasks after", () => {
    const world = makeWorld()
    const ran: Array<string> = []
    const note = (name: string) => ran.push(name)
    hookAll(world, note)
    posters(world, note).postAll()
    expect(runAll(world)).toBe("stuck")
    const iterations = ran.join(" ").split(/(?=<pending>)/)
    expect(iterations.map((one) => one.trim())).toEqual([
      "<timers> timer",
      "<pending> pending <idle> <prepare> <poll> packet event <check> turn fiber <closing> " +
        "closing <timers>",
      // It waits here for what cannot come.
      "<pending> <idle> <prepare> <poll>"
    ])
  })

  it("calls a hook that was added in its phase in the next one, and none that was removed", () => {
    const world = makeWorld()
    const ran: Array<string> = []
    let rounds = 0
    const first = world.hooks.add("prepare", () => {
      ran.push("first")
      if (++rounds === 1) {
        world.hooks.add("prepare", () => ran.push("late"))
        second.remove()
      }
      if (rounds === 3) first.remove()
      world.later(() => {})
    })
    const second = world.hooks.add("prepare", () => ran.push("second"))
    runAll(world)
    expect(ran).toEqual(["first", "first", "late", "first", "late", "late"])
  })

  it("counts each call of a hook as a step, of 100 ns", () => {
    const world = makeWorld()
    const times: Array<number> = []
    world.hooks.add("check", () => times.push(world.now))
    world.hooks.add("check", () => times.push(world.now))
    world.startTimer(5_000, () => {})
    runAll(world)
    expect(times).toEqual([5_100, 5_200])
    expect(world.steps).toBe(3)
  })

  it("waits in its poll only, and looks at the time after it and before timers", () => {
    const world = makeWorld()
    const times: Array<readonly [string, number, number]> = []
    for (const phase of ["prepare", "poll", "check", "timers"] as const) {
      const hook = world.hooks.add(phase, () => times.push([phase, world.now, world.loopTime]))
      hook.setRef(false)
    }
    world.startTimer(1_000_000, () => times.push(["timer", world.now, world.loopTime]))
    runAll(world)
    expect(times.slice(0, 6)).toEqual([
      ["timers", 100, 0],
      ["prepare", 200, 0],
      ["poll", 300, 0],
      ["check", 1_000_100, 1_000_000],
      ["timers", 1_000_200, 1_000_100],
      ["timer", 1_000_300, 1_000_100]
    ])
  })

  it("runs the timers that were due when the phase began, by deadline and then by start", () => {
    const world = makeWorld()
    const ran: Array<string> = []
    hookAll(world, (name) => name === "<timers>" && ran.push(name))
    world.startTimer(300, () => ran.push("c"))
    world.startTimer(200, () => {
      ran.push("a")
      // Due by the time that the others are through, and not when they began.
      world.startTimer(0, () => ran.push("d"))
    })
    world.startTimer(200, () => ran.push("b"))
    world.startTimer(1e6, () => {})
    const busy = world.strand(StrandKind.fiber)
    for (let step = 0; step < 5; step++) world.post(busy, () => {})
    runAll(world)
    expect(ran.join(" ")).toContain("<timers> a b c <timers> d <timers>")
  })

  it("never runs a timer that another one has cancelled", () => {
    const world = makeWorld()
    const ran: Array<string> = []
    world.startTimer(100, () => {
      ran.push("first")
      world.cancelTimer(second)
      world.cancelTimer(second)
    })
    const second = world.startTimer(100, () => ran.push("second"))
    runAll(world)
    expect(ran).toEqual(["first"])
  })

  it("takes what was armed in a turn for the next one", () => {
    const world = makeWorld()
    const ran: Array<string> = []
    hookAll(world, (name) => name === "<check>" && ran.push(name))
    const { post } = posters(world, (name) => ran.push(name))
    world.post(world.strand(StrandKind.fiber), () => {
      ran.push("arms")
      post("turn")
    })
    runAll(world)
    expect(ran.join(" ")).toBe("<check> arms <check> turn")
  })
})

describe("in order fifo", () => {
  it("a phase runs what was ready when it began, and no more", () => {
    const world = makeWorld()
    const ran: Array<string> = []
    hookAll(world, (name) => name === "<poll>" && ran.push(name))
    const strand = world.strand(StrandKind.port)
    world.post(strand, () => {
      ran.push("first")
      world.post(strand, () => ran.push("third"))
    })
    world.post(strand, () => ran.push("second"))
    runAll(world)
    expect(ran.join(" ")).toBe("<poll> first second <poll> third <poll>")
  })

  it("fibers run on for a budget of steps, then the others have their turn", () => {
    const world = makeWorld()
    let spins = 0
    let spinsBefore = -1
    const strand = world.strand(StrandKind.fiber)
    const spin = () => {
      if (++spins === 1) world.later(() => (spinsBefore = spins))
      if (spins < 1000) world.post(strand, spin)
    }
    world.post(strand, spin)
    runAll(world)
    expect(spinsBefore).toBe(fiberStepsMax)
  })
})

describe("in order random", () => {
  // Which of two tasks that are ready is first: of every pair, both orders are seen.
  it("anything that is ready may be overtaken by anything else", () => {
    const pairs = new Set<string>()
    for (let seed = 0; seed < 200; seed++) {
      const world = makeWorld({ seed, order: "random" })
      const ran: Array<string> = []
      posters(world, (name) => ran.push(name)).postAll()
      runAll(world)
      expect(ran).toHaveLength(7)
      for (const [index, first] of ran.entries()) {
        for (const second of ran.slice(index + 1)) pairs.add(`${first} ${second}`)
      }
    }
    expect(pairs.size).toBe(7 * 6)
  })

  it("a fiber may make many steps before a packet comes, or none", () => {
    const counts = new Set<number>()
    for (let seed = 0; seed < 200; seed++) {
      const world = makeWorld({ seed, order: "random" })
      const strand = world.strand(StrandKind.fiber)
      let spins = 0
      let isOver = false
      const spin = () => {
        spins++
        if (!isOver) world.post(strand, spin)
      }
      world.post(strand, spin)
      world.post(world.strand(StrandKind.packet), () => {
        isOver = true
        counts.add(spins)
      })
      runAll(world)
    }
    expect(counts.has(0)).toBe(true)
    expect(Math.max(...counts)).toBeGreaterThan(50)
    expect(counts.size).toBeGreaterThan(10)
  })

  it("nothing starves beside fibers that never rest", () => {
    for (let seed = 0; seed < 50; seed++) {
      const world = makeWorld({ seed, order: "random" })
      const ran: Array<string> = []
      const fibers = Array.from({ length: 10 }, () => world.strand(StrandKind.fiber))
      for (const strand of fibers) {
        const spin = () => world.post(strand, spin)
        spin()
      }
      posters(world, (name) => ran.push(name)).postAll()
      // 17 iterations at the most that a phase is passed over, each of at most 64 steps of fibers.
      world.run(17 * fiberStepsMax * 3, Infinity)
      expect([seed, ran.length]).toEqual([seed, 7])
    }
  })
})

describe("a ref'd idle hook", () => {
  it("keeps the loop from waiting, at a microsecond an iteration, until it is unref'd", () => {
    const world = makeWorld()
    let calls = 0
    const hook = world.hooks.add("idle", () => {
      if (++calls === 10) hook.setRef(false)
    })
    let firedAfter = 0
    world.startTimer(1_000_000, () => (firedAfter = calls))
    runAll(world)
    expect(firedAfter).toBe(10)
    expect(world.idleNanos).toBe(1_000_000 - 10 * 100 - 9 * 1_000)
  })

  it("lets timers come all the same", () => {
    const world = makeWorld()
    const hook = world.hooks.add("idle", () => {})
    let firedAt = 0
    world.startTimer(1_000_000, () => {
      firedAt = world.now
      hook.remove()
    })
    runAll(world)
    expect(firedAt).toBeGreaterThan(1_000_000)
    expect(firedAt).toBeLessThan(1_002_000)
    expect(world.idleNanos).toBe(0)
  })
})

describe("what keeps the loop alive", () => {
  it("is what is ref'd, and what is ready", () => {
    const world = makeWorld()
    world.countRef(-1)
    expect(runAll(world)).toBe("notAlive")
    const hook = world.hooks.add("check", () => {})
    expect(world.isAlive).toBe(true)
    hook.setRef(false)
    hook.setRef(false)
    expect(world.isAlive).toBe(false)
    hook.setRef(true)
    hook.remove()
    hook.remove()
    hook.setRef(true)
    expect(world.isAlive).toBe(false)
    world.later(() => {})
    expect(world.isAlive).toBe(true)
    expect(runAll(world)).toBe("notAlive")
  })

  it("is looked at first: a loop that is not alive calls nobody and fires nothing", () => {
    for (const mode of ["default", "once", "noWait"] as const) {
      const world = makeWorld()
      world.countRef(-1)
      const hook = world.hooks.add("prepare", () => {})
      hook.setRef(false)
      world.setTimerRef(
        world.startTimer(0, () => {}),
        false
      )
      expect(world.run(Infinity, Infinity, mode)).toBe("notAlive")
      expect(world.steps).toBe(0)
      hook.remove()
      expect(world.hooks.count).toBe(0)
    }
  })

  it("is no packet on its way: what it is for counts", () => {
    const world = makeWorld()
    world.countRef(-1)
    world.after(1_000, world.strand(StrandKind.packet), () => {})
    expect(runAll(world)).toBe("notAlive")
    expect(world.steps).toBe(0)
  })
})
