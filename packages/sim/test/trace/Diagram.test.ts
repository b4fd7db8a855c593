import { Script } from "node:vm"
import { Linearizability, Models, Trace } from "@portico/sim"
import { describe, expect, it } from "vitest"
import { elementsOf, isBalanced, scriptsOf } from "./Markup.ts"
import { sample } from "./SampleTrace.ts"

const { orderOf, toHtml, toPerfetto, toShiViz } = Trace

const hostile = `</script><script>alert(1)</script><!--"'&\u2028\u0000\u202e]]>`

const page = (name?: string) => {
  const { history, ring } = sample(name)
  const verdict = Linearizability.linearizable(Models.keyValue, history)
  if (verdict._tag !== "NotLinearizable") throw new Error("The sample is a bad history")
  const story = `${verdict.explanation} ${name}`
  const html = toHtml(ring, { title: `kv ${name}`, order: orderOf(verdict), story })
  return { html, ring, verdict }
}

const withClass = (html: string, ...names: ReadonlyArray<string>) =>
  elementsOf(html).filter((element) => names.every((name) => element.class.includes(name)))

describe("a diagram", () => {
  it("is one page that needs nothing but itself", () => {
    const { html } = page()
    expect(html).not.toMatch(/(?:src|href)=|@import|https?:|url\((?!#)/)
    expect(isBalanced(html)).toBe(true)
  })

  it("draws each packet's fate: arrived, dropped, held, arrived twice, still on its way", () => {
    const { html, ring } = page()
    // Each is drawn in both scales.
    const drawn = (...names: ReadonlyArray<string>) => {
      return withClass(html.slice(html.indexOf("<main>")), ...names).length / 2
    }
    const counts = (kind: string) => ring.events.filter((event) => event.kind === kind).length
    expect(drawn("packet", "lost")).toBe(counts("drop"))
    expect(drawn("packet", "again")).toBe(1)
    expect(drawn("packet", "flying")).toBe(1)
    expect(drawn("packet", "held")).toBe(3)
    expect(drawn("k-crash")).toBe(1)
    expect(drawn("down")).toBe(1)
    expect(drawn("hatch")).toBe(1)
    expect(drawn("k-fsync")).toBe(counts("fsync"))
    expect(drawn("k-lost")).toBe(1)
  })

  it("puts a point into each operation that has a place in the order, and marks others", () => {
    const { html, verdict } = page()
    expect(withClass(html, "point").length).toBe(2 * verdict.prefix.length + 1)
    expect(withClass(html, "stuck").filter(({ name }) => name === "rect").length).toBe(2 + 1)
  })

  it("tells everything that it draws to its search, and the cause of each", () => {
    const { html } = page()
    const { events } = JSON.parse(scriptsOf(html)[0]!) as {
      events: ReadonlyArray<{ i: number; c: number; d: string }>
    }
    const marks = new Set(elementsOf(html).flatMap(({ mark }) => mark ?? []))
    expect(new Set(events.map(({ i }) => i))).toEqual(marks)
    expect(events.filter(({ c }) => c >= 0 && !marks.has(c))).toEqual([])
  })

  it("puts a decision on the lane of what it follows from, whoever told of it", () => {
    const ring = new Trace.TraceRing()
    const [host, scenario] = [ring.of("bank", () => 5), ring.of("scenario", () => 5)]
    const sent = host.record("send", { packet: "UDP", bytes: 1, to: "shop" })
    scenario.record("decision", { stream: "link", choice: 9, count: 10, number: 1 }, sent)
    const page = toHtml(ring, { title: "decision" })
    expect(page).toContain('class="decision"')
    expect(page).not.toMatch(/class="host"[^>]*>scenario</)
  })

  it("cannot be broken by what a program puts into a text", () => {
    const { html } = page(hostile)
    const scripts = scriptsOf(html)
    expect(scripts).toHaveLength(2)
    expect(scripts[0]).toContain("\\u003c/script")
    expect(JSON.stringify(JSON.parse(scripts[0]!))).toContain("</script>")
    expect(() => new Script(scripts[1]!)).not.toThrow()
    expect(html).not.toContain("<script>alert")
    expect(isBalanced(html)).toBe(true)
  })

  it("of a long trace is bounded, and draws what is near to what matters", () => {
    const events = longTrace(3000)
    const html = toHtml(events, { title: "long", drawnMax: 200 })
    const marks = new Set(elementsOf(html).flatMap(({ mark }) => mark ?? []))
    expect(marks.size).toBe(200)
    expect(marks).toContain(1200)
    expect(marks).toContain(2999)
    expect(html).toContain("events not drawn")
  })

  it("of nothing is an empty page", () => {
    expect(isBalanced(toHtml([], { title: "empty" }))).toBe(true)
  })
})

const longTrace = (count: number): ReadonlyArray<Trace.TraceEvent> =>
  Array.from({ length: count }, (_, index) => ({
    index,
    time: index * 1000,
    host: index % 2 === 0 ? "a" : "b",
    incarnation: 0,
    fiber: 0,
    span: "",
    kind: index === 1200 ? "crash" : index % 2 === 0 ? "send" : "deliver",
    cause: index - 1,
    data: index % 2 === 0 ? { packet: "DATA", bytes: 1, to: "b" } : {}
  }))

interface PerfettoEntry {
  readonly ph: string
  readonly id?: number
  readonly ts?: number
  readonly name: string
}

describe("Perfetto", () => {
  it("gets an entry for each event, a flow for each arrival, a slice for each operation", () => {
    const { history, ring } = sample(hostile)
    const { traceEvents } = JSON.parse(toPerfetto(ring)) as {
      traceEvents: ReadonlyArray<PerfettoEntry>
    }
    const of = (ph: string) => traceEvents.filter((entry) => entry.ph === ph)
    const count = (...kinds: ReadonlyArray<string>) =>
      ring.events.filter(({ kind }) => kinds.includes(kind)).length
    const moments = ring.count - count("call", "return")
    expect(of("X")).toHaveLength(moments + history.operations.length)
    expect(of("s")).toHaveLength(count("send"))
    expect(of("f")).toHaveLength(count("deliver"))
    const sent = new Set(of("s").map(({ id }) => id))
    for (const { id } of of("f")) expect(sent).toContain(id)
    expect(of("M").map(({ name }) => name)).toContain("process_name")
  })
})

describe("ShiViz", () => {
  it("gets two lines an event, with clocks that grow along causes", () => {
    const { ring } = sample(hostile)
    const lines = toShiViz(ring).trimEnd().split("\n")
    const loud = ring.events.filter(({ kind }) => kind !== "run")
    expect(lines).toHaveLength(2 * loud.length)
    const clocks = new Map(
      loud.map((event, at) => {
        const [, host, clock] = /^(\S+) (\{.*\})$/.exec(lines[2 * at]!)!
        return [event.index, { host: host!, clock: JSON.parse(clock!) as Record<string, number> }]
      })
    )
    const last = new Map<string, number>()
    for (const { cause, index, kind } of loud) {
      const { clock, host } = clocks.get(index)!
      expect(clock[host]).toBe((last.get(host) ?? 0) + 1)
      last.set(host, clock[host]!)
      if (kind !== "deliver") continue
      const sent = clocks.get(cause)!
      expect(clock[sent.host]).toBeGreaterThanOrEqual(sent.clock[sent.host]!)
    }
  })
})
