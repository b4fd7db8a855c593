import { EventLoop, Tcp } from "@portico/core"
import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { NodeLoopReport } from "../../src/loop/NodeLoopReport.ts"

type Needs = EventLoop.EventLoop | Tcp.Tcp

const run = <A, E>(program: Effect.Effect<A, E, Needs>): Promise<A> =>
  Effect.runPromise(Effect.provide(program, NodeBackend.layer))

it("tells of the program from its start to its end, and of the host before and after", async () => {
  const report = new NodeLoopReport()
  const heading = `The event loop of process ${process.pid}\nkept alive by\n`
  expect(report.dump).toContain(heading)
  expect(report.dump).not.toContain("fibers (")
  expect(report.hasHandles).toBe(false)
  const program = Effect.gen(function* () {
    yield* report.attach
    expect(report.hasHandles).toBe(false)
    yield* Tcp.listen({ port: 0 })
    expect(report.hasHandles).toBe(true)
    expect(report.keptAliveBy).toMatch(/^\n  TcpListener #1 tcp:.* is Open/)
    expect(report.fibers).toMatch(/^\n  fiber #\d+ /)
    expect(report.dump).toContain(`${heading}  TcpListener #1`)
    expect(report.dump).toContain("fibers (")
  })
  await run(Effect.scoped(program))
  report.detach()
  expect(report.dump).not.toContain("fibers (")
  expect(report.fibers).toBe("")
})

it("a dump that dies says so, and ends nothing", async () => {
  const report = new NodeLoopReport()
  const dump = Effect.die(new Error("on purpose"))
  const attached = Effect.updateService(report.attach, EventLoop.EventLoop, (loop) => ({
    ...loop,
    dump
  }))
  await run(attached)
  expect(report.dump).toMatch(/cannot be told: .*on purpose/)
})

it("a long report is cut, and says by how much", async () => {
  const report = new NodeLoopReport()
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`)
  const attached = Effect.updateService(report.attach, EventLoop.EventLoop, (loop) => ({
    ...loop,
    keptAliveBy: Effect.succeed(lines)
  }))
  await run(attached)
  expect(report.keptAliveBy).toContain("\n  line 63\n  … and 36 lines more")
})
