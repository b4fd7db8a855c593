import { describe, expect, it } from "vitest"
import * as HandleState from "../src/HandleState.ts"

type Tag = HandleState.HandleState["_tag"]

const tags: ReadonlyArray<Tag> = [
  "Open",
  "HalfClosedLocal",
  "HalfClosedRemote",
  "Ended",
  "TakenOver",
  "Broken",
  "Closing",
  "Closed"
]
const events: ReadonlyArray<HandleState.HandleEvent> = [
  "shutdown",
  "remoteEnd",
  "fault",
  "takeOver",
  "close",
  "closed"
]

/** All that may happen: what is not listed changes nothing. */
const legal: { readonly [From in Tag]: Partial<Record<HandleState.HandleEvent, Tag>> } = {
  Open: {
    shutdown: "HalfClosedLocal",
    remoteEnd: "HalfClosedRemote",
    fault: "Broken",
    takeOver: "TakenOver",
    close: "Closing"
  },
  HalfClosedLocal: { remoteEnd: "Ended", fault: "Broken", close: "Closing" },
  HalfClosedRemote: { shutdown: "Ended", fault: "Broken", close: "Closing" },
  Ended: { fault: "Broken", close: "Closing" },
  TakenOver: { close: "Closing", closed: "Closed" },
  Broken: { close: "Closing" },
  Closing: { closed: "Closed" },
  Closed: {}
}

describe.each(tags)("in %s", (tag) => {
  it.each(events)("%s leads where the table says, or nowhere", (event) => {
    expect(HandleState.next({ _tag: tag }, event)?._tag).toBe(legal[tag][event])
  })
})

it("a handle begins Open", () => {
  expect(HandleState.initial).toEqual({ _tag: "Open" })
})

/** Every path of six events from the start, as the states along it. */
const paths: ReadonlyArray<ReadonlyArray<Tag>> = Array.from({ length: 6 }).reduce<
  ReadonlyArray<ReadonlyArray<Tag>>
>(
  (level) =>
    level.flatMap((path) =>
      events.map((event) => [
        ...path,
        HandleState.next({ _tag: path.at(-1)! }, event)?._tag ?? path.at(-1)!
      ])
    ),
  [[HandleState.initial._tag]]
)

/** The states that some path goes through right after `tag`. */
const following = (tag: Tag): ReadonlySet<Tag> =>
  new Set(paths.flatMap((path) => path.slice(1).filter((_, index) => path[index] === tag)))

describe("on every path of six events", () => {
  it("every state is reached", () => {
    expect(new Set(paths.flat())).toEqual(new Set(tags))
  })

  it("Closed is final, and comes from Closing, or from what took the handle over", () => {
    expect(following("Closed")).toEqual(new Set(["Closed"]))
    const before = tags.filter((tag) => following(tag).has("Closed"))
    expect(before).toEqual(["TakenOver", "Closing", "Closed"])
  })

  it("nothing but Closed follows Closing, nothing but a close follows Broken", () => {
    expect(following("Closing")).toEqual(new Set(["Closing", "Closed"]))
    expect(following("Broken")).toEqual(new Set(["Broken", "Closing"]))
  })
})

it.each(tags)("%s is closing, hung up, or neither", (tag) => {
  const state = { _tag: tag }
  expect(HandleState.isClosing(state)).toBe(["TakenOver", "Closing", "Closed"].includes(tag))
  expect(HandleState.isHungUp(state)).toBe(["HalfClosedRemote", "Ended", "Broken"].includes(tag))
})
