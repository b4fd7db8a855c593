import { describe, expect, it } from "vitest"
import { Turn } from "../src/port/Turn.ts"

const setUp = () => {
  const seen: Array<string> = []
  const soon: Array<() => void> = []
  const turn = new Turn({
    soon: (callback) => void soon.push(callback),
    later: () => seen.push("later")
  })
  const task = (name: string, run?: () => void) => ({
    runAtTurnEnd: () => {
      seen.push(name)
      run?.()
    }
  })
  const runSoon = () => {
    for (const callback of soon.splice(0)) callback()
  }
  return { runSoon, seen, soon, task, turn }
}

describe("inside a bracket", () => {
  it("tasks run when the outermost bracket ends, in order, and once", () => {
    const { seen, soon, task, turn } = setUp()
    turn.enter()
    turn.atEnd(task("a"))
    turn.enter()
    turn.atEnd(task("b"))
    turn.leave()
    expect(seen).toEqual([])
    turn.leave()
    expect(seen).toEqual(["a", "b"])
    expect(soon).toEqual([])
    turn.enter()
    turn.leave()
    expect(seen).toEqual(["a", "b"])
  })

  it("a task that is added while tasks run belongs to the same turn", () => {
    const { seen, task, turn } = setUp()
    turn.enter()
    turn.atEnd(task("a", () => turn.atEnd(task("c", () => turn.atEnd(task("d"))))))
    turn.atEnd(task("b"))
    turn.leave()
    expect(seen).toEqual(["a", "b", "c", "d"])
  })

  it("a task that was added twice runs twice: it is the stream that remembers", () => {
    const { seen, task, turn } = setUp()
    const one = task("a")
    turn.enter()
    turn.atEnd(one)
    turn.atEnd(one)
    turn.leave()
    expect(seen).toEqual(["a", "a"])
  })
})

describe("outside a bracket", () => {
  it("the host is asked once to call soon, for all tasks", () => {
    const { runSoon, seen, soon, task, turn } = setUp()
    turn.atEnd(task("a"))
    turn.atEnd(task("b"))
    expect(soon.length).toBe(1)
    expect(seen).toEqual([])
    runSoon()
    expect(seen).toEqual(["a", "b"])
    turn.atEnd(task("c"))
    expect(soon.length).toBe(1)
  })

  it("a turn that comes first runs them, and the host's call finds nothing", () => {
    const { runSoon, seen, task, turn } = setUp()
    turn.atEnd(task("a"))
    turn.enter()
    turn.leave()
    expect(seen).toEqual(["a"])
    runSoon()
    expect(seen).toEqual(["a"])
  })

  it("`later` is the host's own", () => {
    const { seen, turn } = setUp()
    turn.later(() => {})
    expect(seen).toEqual(["later"])
  })
})

describe("a task that throws", () => {
  const defect = () => {
    throw new Error("a defect in one stream's flush")
  }

  it("is told to the host, and the others run all the same", () => {
    const { runSoon, seen, task, turn } = setUp()
    turn.enter()
    turn.atEnd(task("a"))
    turn.atEnd(task("bad", defect))
    turn.atEnd(task("b"))
    expect(() => turn.leave()).toThrow("a defect in one stream's flush")
    runSoon()
    expect(seen).toEqual(["a", "bad", "b"])
  })

  it("is not run again by the turns that follow", () => {
    const { runSoon, seen, task, turn } = setUp()
    turn.enter()
    turn.atEnd(task("bad", defect))
    expect(() => turn.leave()).toThrow("a defect")
    turn.enter()
    turn.atEnd(task("next"))
    turn.leave()
    turn.atEnd(task("outside"))
    runSoon()
    expect(seen).toEqual(["bad", "next", "outside"])
  })

  it("costs each defect its own report when several throw", () => {
    const { runSoon, seen, soon, task, turn } = setUp()
    turn.atEnd(task("bad 1", defect))
    turn.atEnd(task("bad 2", defect))
    turn.atEnd(task("good"))
    expect(runSoon).toThrow("a defect")
    expect(runSoon).toThrow("a defect")
    runSoon()
    expect(seen).toEqual(["bad 1", "bad 2", "good"])
    expect(soon).toEqual([])
  })
})
