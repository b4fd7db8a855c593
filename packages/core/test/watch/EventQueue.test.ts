import { WatchEvent } from "@portico/core/WatchEvent"
import { describe, expect, it } from "vitest"
import { EventQueue } from "../../src/internal/watch/EventQueue.ts"

const created = (path: string) => WatchEvent.Created({ path, kind: "file" })
const deleted = (path: string) => WatchEvent.Deleted({ path, kind: "file" })
const modified = (path: string) => WatchEvent.Modified({ path, kind: "file", isReplaced: false })

const takeAll = (queue: EventQueue): ReadonlyArray<string> => {
  const taken: Array<string> = []
  for (let event = queue.take(); event !== undefined; event = queue.take()) {
    taken.push(event._tag === "Overflow" ? `lost ${event.eventsLost}` : event._tag)
  }
  return taken
}

describe("EventQueue", () => {
  it("says what was lost at the place where it is missing", () => {
    const queue = new EventQueue(2)
    for (const path of ["a", "b", "c", "d"]) queue.push(created(path))
    expect(queue.length).toBe(3)
    expect(queue.take()).toEqual(created("a"))
    queue.push(deleted("e"))
    expect(takeAll(queue)).toEqual(["Created", "lost 2", "Deleted"])
    expect(queue.eventsLost).toBe(2)
    expect(queue.length).toBe(0)
  })

  it("says at its end what was lost when nothing came behind it", () => {
    const queue = new EventQueue(1)
    for (const path of ["a", "b", "c"]) queue.push(created(path))
    expect(takeAll(queue)).toEqual(["Created", "lost 2"])
  })

  it("holds one change of a name, and another one after other news of it", () => {
    const queue = new EventQueue(10)
    for (const event of [modified("a"), modified("a"), deleted("a"), created("a"), modified("a")]) {
      queue.push(event)
    }
    expect(takeAll(queue)).toEqual(["Modified", "Deleted", "Created", "Modified"])
    queue.push(modified("a"))
    expect(takeAll(queue)).toEqual(["Modified"])
  })

  it("always has room for the last event", () => {
    const queue = new EventQueue(1)
    queue.push(created("a"))
    queue.push(created("b"))
    queue.push(WatchEvent.RootDeleted({ path: "." }))
    expect(takeAll(queue)).toEqual(["Created", "lost 1", "RootDeleted"])
  })

  it("keeps the order of thousands", () => {
    const queue = new EventQueue(5_000)
    const taken: Array<string> = []
    for (let index = 0; index < 5_000; index++) {
      queue.push(created(String(index)))
      if (index % 3 === 0) taken.push((queue.take() as { path: string }).path)
    }
    for (let event = queue.take(); event !== undefined; event = queue.take()) {
      taken.push((event as { path: string }).path)
    }
    expect(taken).toEqual(Array.from({ length: 5_000 }, (_, index) => String(index)))
  })
})
