/** Tasks that are posted to a loop: when they run, in which order, and what ends them. */
import * as Effect from "effect/Effect"
import { MinimumLogLevel } from "effect/References"
import { expect, it } from "vitest"
import { PostQueue } from "../../src/internal/loop/PostQueue.ts"
import { ScriptedHost } from "../scripted/ScriptedPorts.ts"

const setUp = () => {
  const host = new ScriptedHost()
  const posts = new PostQueue(host.turn, Effect.runFork)
  const seen: Array<string> = []
  const note = (name: string) => Effect.sync(() => void seen.push(name))
  return { host, note, posts, seen }
}

it("what is posted before the next turn runs in it, in order, with one callback", () => {
  const { host, note, posts, seen } = setUp()
  for (const name of ["a", "b", "c"]) posts.post(note(name))
  expect([seen, posts.length]).toEqual([[], 3])
  expect([host.step(), host.step()]).toEqual([true, false])
  expect([seen, posts.length]).toEqual([["a", "b", "c"], 0])
})

it("what a task posts belongs to the turn after it", () => {
  const { host, note, posts, seen } = setUp()
  posts.post(Effect.sync(() => void posts.post(note("second"))))
  posts.post(note("first"))
  host.step()
  expect(seen).toEqual(["first"])
  host.step()
  expect(seen).toEqual(["first", "second"])
})

it("a key is taken while its task stands in the queue, and free once it runs", () => {
  const { host, note, posts, seen } = setUp()
  const keyed = (name: string, key: string) => posts.post(note(name), { key })
  expect([keyed("a", "x"), keyed("b", "x"), keyed("c", "y")]).toEqual(Array(3).fill(undefined))
  host.step()
  expect(seen).toEqual(["a", "c"])
  keyed("d", "x")
  host.step()
  expect(seen).toEqual(["a", "c", "d"])
})

it("the queue is bounded: one too many is refused by name, and a key that stands is not", () => {
  const { host, posts, seen, note } = setUp()
  posts.post(note("keyed"), { key: "x" })
  for (let count = 1; count < 65_536; count++) expect(posts.post(Effect.void)).toBeUndefined()
  expect(posts.post(note("late"))?.reason).toMatchObject({
    _tag: "ResourceExhausted",
    resource: "65536 posted tasks"
  })
  expect(posts.post(note("late"), { key: "x" })).toBeUndefined()
  host.settle()
  expect(posts.post(note("again"))).toBeUndefined()
  host.settle()
  expect(seen).toEqual(["keyed", "again"])
})

it("a task that dies costs no other its run", () => {
  const { host, note, posts, seen } = setUp()
  const posted = new PostQueue(host.turn, (task) => {
    const fiber = Effect.runFork(Effect.provideService(task, MinimumLogLevel, "None"))
    fiber.addObserver((exit) => void seen.push(exit._tag))
    return fiber
  })
  posted.post(Effect.die("a defect"))
  posted.post(note("next"))
  host.step()
  // The defect is logged, which takes no turn, and the task ends well.
  expect(seen).toEqual(["Success", "next", "Success"])
  expect(posts.length).toBe(0)
})

it("shut down, it starts what stands in the queue, interrupts what goes on, and is closed", () => {
  const { host, note, posts, seen } = setUp()
  const endless = Effect.onInterrupt(Effect.never, () => note("interrupted"))
  posts.post(endless)
  host.step()
  posts.post(note("queued"))
  Effect.runSync(posts.shutDown)
  expect(seen).toEqual(["queued", "interrupted"])
  expect(posts.post(note("late"))?.reason._tag).toBe("Closed")
  host.settle()
  expect(seen).toEqual(["queued", "interrupted"])
})
