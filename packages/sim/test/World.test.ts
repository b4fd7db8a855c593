import { describe, expect, it } from "vitest"
import { EventQueue } from "../src/loop/EventQueue.ts"
import { Prng } from "../src/Prng.ts"
import { Strand, StrandKind } from "../src/loop/Strand.ts"
import type { Order } from "../src/World.ts"
import { makeWorld, runAll } from "./TestWorld.ts"

describe("draws", () => {
  it("are the same on every engine", () => {
    const draws = new Prng(2 ** 53 - 1, 3)
    expect(Array.from({ length: 4 }, () => draws.next())).toMatchInlineSnapshot(`
      [
        1838982840,
        1407064410,
        2754012190,
        3646608271,
      ]
    `)
  })

  it("differ by seed, in its high bits too, and by stream", () => {
    const firsts = [new Prng(1, 0), new Prng(2, 0), new Prng(1, 1), new Prng(2 ** 40 + 1, 0)]
    expect(new Set(firsts.map((draws) => draws.next())).size).toBe(4)
  })

  it("below a bound reach all of it, evenly", () => {
    const draws = new Prng(7, 0)
    const counts = [0, 0, 0, 0, 0]
    for (let count = 0; count < 10_000; count++) counts[draws.below(5)]!++
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200)
  })
})

describe("the event queue", () => {
  it("gives events by time, then by age, without those that were removed", () => {
    const draws = new Prng(3, 0)
    const queue = new EventQueue()
    const strand = new Strand(2, 1)
    const events = Array.from({ length: 2000 }, () => queue.add(draws.below(50), strand, () => {}))
    const kept = events.filter(() => draws.below(3) > 0)
    for (const event of events) if (!kept.includes(event)) queue.remove(event)
    const expected = kept.toSorted((a, b) => a.time - b.time || a.sequence - b.sequence)
    const taken = []
    for (let next = queue.peek(); next !== undefined; next = queue.peek()) {
      taken.push(next)
      queue.remove(next)
      queue.remove(next)
    }
    expect(taken).toEqual(expected)
    expect(queue.size).toBe(0)
  })
})

describe("a strand", () => {
  it("goes by priority, then by age", () => {
    const strand = new Strand(1, 1)
    const order: Array<string> = []
    const names = ["b0", "c5", "b0 again", "a-1", "c5 again"]
    for (const name of names) strand.push(() => order.push(name), parseInt(name.slice(1), 10))
    for (const _ of names) strand.shift()()
    expect(order).toEqual(["a-1", "b0", "b0 again", "c5", "c5 again"])
  })
})

describe("the loop", () => {
  // Three strands with three tasks each, named by strand and place.
  const runThree = (order: Order, seed: number) => {
    const world = makeWorld({ order, seed })
    const strands = ["a", "b", "c"].map((name) => ({
      name,
      strand: world.strand(StrandKind.fiber)
    }))
    const ran: Array<string> = []
    for (const place of [1, 2, 3]) {
      for (const { name, strand } of strands) world.post(strand, () => ran.push(`${name}${place}`))
    }
    runAll(world)
    return ran
  }

  it("runs tasks in the order in which they became ready", () => {
    const expected = ["a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3"]
    expect(runThree("fifo", 1)).toEqual(expected)
    expect(runThree("fifo", 2)).toEqual(expected)
  })

  it("in random order depends on the seed, and keeps the order of each strand", () => {
    const runs = Array.from({ length: 50 }, (_, seed) => runThree("random", seed))
    expect(new Set(runs.map(String)).size).toBeGreaterThan(40)
    expect(runThree("random", 7)).toEqual(runs[7])
    for (const run of runs) {
      expect(run.toSorted()).toEqual(["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3"])
      for (const name of ["a", "b", "c"]) {
        const places = run.filter((task) => task.startsWith(name))
        expect(places).toEqual(places.toSorted())
      }
    }
  })

  it("jumps to the next event when nothing is ready, and a step costs 100 ns", () => {
    const world = makeWorld()
    const strand = world.strand(StrandKind.packet)
    const times: Array<number> = []
    const note = () => times.push(world.now)
    world.after(5_000_000, strand, note)
    world.after(1_000, strand, note)
    world.startTimer(1_000, note)
    world.later(note)
    expect(runAll(world)).toBe("stuck")
    expect(times).toEqual([100, 1_100, 1_200, 5_000_100])
  })

  it("lets events come while something is always ready", () => {
    const world = makeWorld()
    const strand = world.strand(StrandKind.fiber)
    let spins = 0
    let isDue = false
    const spin = () => {
      spins++
      if (!isDue) world.post(strand, spin)
    }
    world.post(strand, spin)
    world.startTimer(10_000, () => {
      isDue = true
    })
    runAll(world)
    // 100 of them take 10,000 ns; a turn of fibers is 64, so the second one is over at 128. One
    // was posted by then.
    expect(spins).toBe(129)
  })

  it("ends a step with what was put off to its end, in order, and that once", () => {
    const world = makeWorld()
    const strand = world.strand(StrandKind.fiber)
    const ran: Array<string> = []
    world.post(strand, () => {
      world.atStepEnd(() => {
        ran.push("end")
        world.atStepEnd(() => ran.push("end of the end"))
      })
      ran.push("step")
    })
    world.post(strand, () => ran.push("next"))
    runAll(world)
    expect(ran).toEqual(["step", "end", "end of the end", "next"])
  })

  it("runs nothing from inside a call, and nothing once it is over", () => {
    const world = makeWorld()
    const strand = world.strand(StrandKind.fiber)
    let ran = 0
    world.atStepEnd(() => ran++)
    world.later(() => ran++)
    world.post(strand, () => ran++)
    expect(ran).toBe(0)
    world.run(2, 0)
    expect(ran).toBe(2)
    world.end()
    world.post(strand, () => ran++)
    expect(runAll(world)).toBe("over")
    expect(ran).toBe(2)
  })

  it("lets fibers run on that were resumed in a step, up to a depth, and no others", () => {
    const world = makeWorld()
    const answers: Array<boolean> = [world.mayResume()]
    for (let step = 0; step < 2; step++) {
      world.later(() => {
        for (let depth = 0; depth < 65; depth++) answers.push(world.mayResume())
      })
    }
    runAll(world)
    const inStep = [...Array<boolean>(64).fill(true), false]
    expect(answers).toEqual([false, ...inStep, ...inStep])
  })

  it("stops after as many steps as it was given, and at its limit", () => {
    const world = makeWorld({ stepsMax: 50 })
    const strand = world.strand(StrandKind.fiber)
    const spin = () => world.post(strand, spin)
    spin()
    expect(world.run(20, 0)).toBe("paused")
    expect(world.steps).toBe(20)
    expect(world.run(1000, 0)).toBe("stepLimit")
    expect(world.steps).toBe(50)
  })

  it("stops before a timer that it may not jump to, but not before a packet", () => {
    const world = makeWorld()
    const ran: Array<string> = []
    world.after(1000, world.strand(StrandKind.packet), () => ran.push("packet"))
    world.startTimer(2000, () => ran.push("timer"))
    world.startTimer(3000, () => ran.push("timer"))
    expect(world.run(10, 0)).toBe("timer")
    expect(ran).toEqual(["packet"])
    expect(world.run(10, 1)).toBe("timer")
    expect(ran).toEqual(["packet", "timer"])
    expect(world.run(10, 1)).toBe("stuck")
  })
})
