/** However an opening is cut short, nothing that was opened is without an owner. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { connect } from "../../src/internal/tcp/connect.ts"
import { listen } from "../../src/internal/tcp/listen.ts"
import { ListenerHandle } from "../../src/internal/tcp/ListenerHandle.ts"
import { serve } from "../../src/internal/tcp/serve.ts"
import { PortFailure } from "../../src/port/index.ts"
import { Reason } from "../../src/Reason.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"
import type { ScriptedListener } from "../scripted/ScriptedPorts.ts"
import { Stepped, StepScheduler, stepsMax } from "../scripted/StepScheduler.ts"
import { loopback, type ScriptedStream } from "../scripted/ScriptedStream.ts"

const settings = { kind: "TcpStream", site: undefined, closeGrace: 0 } as const
const refused = new PortFailure(Reason.ConnectionRefused())
const moments = Array.from({ length: stepsMax * 2 }, (_, index) => index)
/** Every other step will do for an answer: the interruption comes at each step around it. */
const answers = moments.filter((step) => step < stepsMax && step % 2 === 0)

/** What is left behind when a program was cut short and everything has settled. */
const leftBy = (scripted: ScriptedPorts): ReadonlyArray<string> => {
  const handles = scripted.table.list().map(({ label }) => label)
  const attempts = [...scripted.table.attempts].map(() => "an attempt")
  const asked = [...scripted.connects, ...scripted.listens]
    .filter((one) => !one.isAnswered && !one.isCancelled)
    .map(() => "a descriptor of an attempt")
  return [...handles, ...attempts, ...asked]
}

describe("connect", () => {
  const variants = {
    "a literal": { options: { host: "127.0.0.1", port: 80 }, refusals: 0 },
    "with a time limit": { options: { port: 80, timeout: "1 minute" }, refusals: 0 },
    "localhost, the first refused": { options: { host: "localhost", port: 80 }, refusals: 1 },
    "localhost with a time limit": {
      options: { host: "localhost", port: 80, timeout: "1 minute" },
      refusals: 1
    }
  } as const

  const run = (
    { options, refusals }: (typeof variants)[keyof typeof variants],
    answer: number,
    interrupt: number
  ) => {
    const scripted = new ScriptedPorts()
    const streams: Array<ScriptedStream> = []
    let used = 0
    const program = Effect.scoped(
      Effect.flatMap(connect(scripted.table, options), () => Effect.never)
    )
    const running = new Stepped(scripted.host, program)
    for (const step of moments) {
      const asked = scripted.connects.find((one) => !one.isAnswered && !one.isCancelled)
      if (step >= answer && asked !== undefined) {
        asked.answer((events) => {
          if (used++ < refusals) return events.onFailed(refused)
          const stream = scripted.stream()
          streams.push(stream)
          events.onConnected(stream)
        })
      }
      if (step === interrupt) running.interrupt()
      running.step()
    }
    running.interrupt()
    running.settle()
    return { scripted, streams }
  }

  it.each(Object.entries(variants))("%s: no handle is lost between any two steps", (_, variant) => {
    let opened = 0
    for (const answer of answers) {
      for (const interrupt of moments) {
        const { scripted, streams } = run(variant, answer, interrupt)
        const open = streams.filter(({ calls }) => !calls.includes("close"))
        const left = [...leftBy(scripted), ...open.map(() => "a descriptor")]
        if (left.length > 0) {
          throw new Error(`answered at ${answer}, interrupted at ${interrupt}: ${left.join()}`)
        }
        opened += streams.length
      }
    }
    expect(opened).toBeGreaterThan(stepsMax)
  })
})

describe("listen", () => {
  const run = (host: string, answer: number, interrupt: number) => {
    const scripted = new ScriptedPorts()
    const listeners: Array<ScriptedListener> = []
    const program = Effect.scoped(
      Effect.flatMap(listen(scripted.table, { host, port: 0 }), () => Effect.never)
    )
    const running = new Stepped(scripted.host, program)
    for (const step of moments) {
      const asked = scripted.listens.find((one) => !one.isAnswered && !one.isCancelled)
      if (step >= answer && asked !== undefined) {
        asked.answer((events) => {
          const listener = scripted.listener(loopback(4000))
          listeners.push(listener)
          events.onListening(listener)
        })
      }
      if (step === interrupt) running.interrupt()
      running.step()
    }
    running.interrupt()
    running.settle()
    return { listeners, scripted }
  }

  it.each(["127.0.0.1", "localhost"])("%s: no port is lost between any two steps", (host) => {
    let opened = 0
    for (const answer of answers) {
      for (const interrupt of moments) {
        const { listeners, scripted } = run(host, answer, interrupt)
        const open = listeners.filter(({ closed }) => closed === 0)
        const left = [...leftBy(scripted), ...open.map(() => "a listening descriptor")]
        if (left.length > 0) {
          throw new Error(`answered at ${answer}, interrupted at ${interrupt}: ${left.join()}`)
        }
        if (listeners.some(({ attached }) => attached !== 1)) throw new Error("attached twice")
        opened += listeners.length
      }
    }
    expect(opened).toBeGreaterThan(stepsMax)
  })
})

describe("accept", () => {
  const run = (offer: number, interrupt: number) => {
    const scripted = new ScriptedPorts()
    const port = scripted.listener()
    const listener = new ListenerHandle(scripted.table, [port], settings)
    const scheduler = new StepScheduler()
    const accepted: Array<string> = []
    const accepting = (name: string) =>
      new Stepped(
        scripted.host,
        Effect.scoped(
          Effect.flatMap(listener.accept, () => {
            accepted.push(name)
            return Effect.never
          })
        ),
        scheduler
      )
    const first = accepting("first")
    const second = accepting("second")
    for (const step of moments) {
      if (step === offer) port.offer(scripted.stream())
      if (step === interrupt) first.interrupt()
      first.step()
    }
    const isLeft = port.acceptable
    second.interrupt()
    first.interrupt()
    first.settle()
    return { accepted, isLeft, streams: listener.accepted() }
  }

  it("a connection that an interrupted fiber does not take goes to the next", () => {
    const takers = new Set<string>()
    for (const offer of moments.slice(0, stepsMax)) {
      for (const interrupt of moments.slice(0, stepsMax)) {
        const { accepted, isLeft, streams } = run(offer, interrupt)
        if (isLeft || accepted.length > 1 || streams.length > 0) {
          throw new Error(`offered at ${offer}, interrupted at ${interrupt}: ${accepted.join()}`)
        }
        takers.add(accepted.join())
      }
    }
    expect(takers).toContain("first")
    expect(takers).toContain("second")
  })
})

describe("serve", () => {
  const run = (interrupt: number) => {
    const scripted = new ScriptedPorts()
    const port = scripted.listener()
    let running = 0
    const handler = () =>
      Effect.sync(() => running++).pipe(
        Effect.andThen(Effect.never),
        Effect.onInterrupt(() => Effect.sync(() => running--))
      )
    const options = { port: 0, connectionsMax: 10, drainDeadline: 0 }
    const program = Effect.scoped(
      Effect.flatMap(serve(scripted.table, handler, options), () => Effect.never)
    )
    const serving = new Stepped(scripted.host, program)
    for (const step of moments) {
      scripted.listens[0]?.answer((events) => {
        events.onListening(port)
        port.offer(scripted.stream())
      })
      if (step === interrupt) serving.interrupt()
      serving.step()
    }
    serving.interrupt()
    return { running: () => running, scripted, serving }
  }

  it("no handler outlives a server that was interrupted while it started", async () => {
    const runs = moments.map(run)
    // The drain's deadline is a timer, of no time.
    for (let turn = 0; turn < 5; turn++) {
      for (const { serving } of runs) serving.settle()
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
    for (const [interrupt, { running, scripted, serving }] of runs.entries()) {
      serving.settle()
      expect([interrupt, running(), leftBy(scripted)]).toEqual([interrupt, 0, []])
    }
  })
})
