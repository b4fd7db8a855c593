import { Address, Files, Tcp } from "@portico/core"
import { SimBackend, Trace } from "@portico/sim"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { expect, it } from "vitest"
import { elementsOf } from "./Markup.ts"

const program = Effect.gen(function* () {
  const opened = yield* Deferred.make<void>()
  const worker = (name: string) =>
    Effect.andThen(Deferred.await(opened), Effect.yieldNow).pipe(Effect.withSpan(name))
  const fibers = yield* Effect.forEach(["first", "second"], (name) =>
    Effect.forkChild(worker(name))
  )
  yield* Effect.yieldNow
  yield* Deferred.succeed(opened, undefined)
  yield* Fiber.joinAll(fibers)
}).pipe(Effect.withSpan("main"))

it("fibers have the lanes where no packet is sent, and arrows tell who woke whom", () => {
  const trace = new Trace.TraceRing()
  SimBackend.simulate(program, { seed: 1, trace })
  const page = Trace.toHtml(trace, { title: "fibers" })
  const headings = Array.from(page.matchAll(/class="host"[^>]*>([^<]*)</g), ([, name]) => name)
  expect(headings).toEqual(["#1 main", "#2 first", "#3 second"])
  const arrows = elementsOf(page).filter((element) => element.class.includes("wake"))
  // Each is started by the first and opened by it, and its end wakes the first; in both scales.
  expect(arrows.length).toBeGreaterThanOrEqual(8)
  const runs = trace.events.filter(({ kind }) => kind === "run")
  const wakers = new Set(runs.map(({ cause }) => runs.find(({ index }) => index === cause)?.fiber))
  expect(wakers).toContain(1)
})

it("packets of the only host go through its own lane, beside those of fibers", () => {
  const talk = Effect.gen(function* () {
    const listener = yield* Tcp.listen({ port: 0 })
    const client = yield* Tcp.connect(Address.toInput(listener.address))
    const server = yield* listener.accept
    const reading = yield* Effect.forkChild(Effect.withSpan(server.readExactly(3), "reads"))
    yield* Effect.yieldNow
    yield* client.write(Uint8Array.of(1, 2, 3))
    yield* Fiber.join(reading)
  }).pipe(Effect.scoped, Effect.withSpan("main"))
  const trace = new Trace.TraceRing()
  SimBackend.simulate(talk, { seed: 1, trace })
  const { events } = trace
  const sent = events.filter(({ kind }) => kind === "send")
  expect(sent.slice(0, 3).map(({ data }) => data["packet"])).toEqual(["SYN", "SYN ACK", "ACK"])
  const data = sent.find((event) => event.data["packet"] === "DATA")!
  expect(data.data["bytes"]).toBe(3)
  const delivered = events.find(({ cause, kind }) => kind === "deliver" && cause === data.index)!
  const woken = events.filter(({ cause, kind }) => kind === "run" && cause === delivered.index)
  expect(woken.map(({ span }) => span)).toContain("reads")
  const page = Trace.toHtml(trace, { title: "loopback" })
  const headings = Array.from(page.matchAll(/class="host"[^>]*>([^<]*)</g), ([, name]) => name)
  expect(new Set(headings)).toEqual(new Set(["#1 main", "#2 reads", "host"]))
})

it("hosts have them as soon as one is", () => {
  const trace = new Trace.TraceRing()
  SimBackend.simulate(program, { seed: 1, trace })
  trace.of("other", () => 1).record("send", { packet: "UDP", bytes: 1, to: "host" })
  const page = Trace.toHtml(trace, { title: "hosts" })
  expect(page).toMatch(/class="host"[^>]*>other</)
  expect(page).not.toContain("#1 main</text>")
  expect(page).toContain("runs of fibers folded")
})

it("the disk of the only host tells what is written to it, and when that lasts", () => {
  const trace = new Trace.TraceRing()
  SimBackend.simulate(Files.writeFile("/home/a", new Uint8Array(5), {}), { seed: 1, trace })
  const told = trace.events.flatMap(({ data, kind }) =>
    kind === "write" || kind === "fsync" ? [`${kind} ${data["path"]}`] : []
  )
  expect(told).toEqual(["write a", "write /home/a"])
})
