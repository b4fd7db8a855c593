import { Trace } from "@portico/sim"
import { expect, it } from "vitest"
import { digest, runStore } from "./StoreWorld.ts"

it("tells a crash, what it took, and the stale read that comes of it", () => {
  const { history, ring, verdict } = runStore(1)
  const of = (kind: Trace.TraceKind) => ring.events.filter((event) => event.kind === kind)
  expect(history.completed).toBe(6)
  expect(verdict).toMatchObject({ _tag: "NotLinearizable", stuck: [{ output: 0 }] })
  expect(of("crash")).toMatchObject([{ host: "a", incarnation: 0, data: { kind: "power" } }])
  expect(of("restart")).toMatchObject([{ host: "a", incarnation: 1 }])
  expect(of("partition")).toMatchObject([{ data: { between: "a | b" } }])
  expect(of("heal")).toHaveLength(1)
  const writes = new Map(of("write").map((event) => [event.index, event]))
  const lost = of("lost").map(({ cause }) => writes.get(cause)?.data["path"])
  expect(lost).toContain("/home/value")
})

it("leads from everything that arrives to what was sent, and from that to who sent it", () => {
  const { ring } = runStore(1)
  const byIndex = new Map(ring.events.map((event) => [event.index, event]))
  const chainOf = (event: Trace.TraceEvent): ReadonlyArray<Trace.TraceEvent> => {
    const before = byIndex.get(event.cause)
    return before === undefined ? [event] : [event, ...chainOf(before)]
  }
  for (const event of ring.events) {
    expect(event.cause).toBeLessThan(event.index)
    if (event.kind !== "deliver" && event.kind !== "drop") continue
    expect(byIndex.get(event.cause)?.kind).toBe("send")
  }
  // The data that a client wrote is the cause of what the other store wrote to its disk.
  const copied = ring.events.find(({ data, host, kind }) => {
    return kind === "write" && host === "b" && data["path"] === "/home/value"
  })
  const hosts = new Set(chainOf(copied!).map(({ host }) => host))
  expect(["a", "b", "web"].every((host) => hosts.has(host))).toBe(true)
})

it("is the same for the same seed, and leaves the run as it is", () => {
  const traced = runStore(7)
  expect(digest(runStore(7))).toBe(digest(traced))
  expect(digest(runStore(8))).not.toBe(digest(traced))
  expect(runStore(7, undefined, false).run.hash).toBe(traced.run.hash)
})

it("holds the last events when there are more than it may hold", () => {
  const { ring: whole } = runStore(1)
  const { ring } = runStore(1, 100)
  expect(ring.count).toBe(whole.count)
  expect(ring.events).toEqual(whole.events.slice(-100))
  expect(Trace.toHtml(ring, { title: "tail" })).toContain("forgotten")
})
