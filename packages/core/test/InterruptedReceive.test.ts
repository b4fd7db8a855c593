/**
 * However receives are cut short, every datagram is handed to one fiber or still to be received, in
 * order of arrival; and fibers that wait are served in the order in which they came.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import type { IoError } from "../src/IoError.ts"
import type { Datagram, UdpSocket } from "../src/UdpSocket.ts"
import { ScriptedUdp } from "./ScriptedUdp.ts"
import { never, Stepped, steps, stepsMax, StepScheduler } from "./StepScheduler.ts"

type Take = (datagram: Datagram) => void
type Form = (socket: UdpSocket, take: Take) => Effect.Effect<unknown, IoError>

const forms: { readonly [name: string]: Form } = {
  receive: (socket, take) => Effect.map(socket.receive, take),
  "receiveBatch 2": (socket, take) =>
    Effect.map(socket.receiveBatch(2), (batch) => batch.forEach((datagram) => take(datagram))),
  "awaitReadable, tryReceive": (socket, take) =>
    Effect.andThen(
      socket.awaitReadable,
      Effect.map(socket.tryReceive, (datagram) => {
        if (Option.isSome(datagram)) take(datagram.value)
      })
    )
}

interface Moments {
  readonly first: number
  readonly second: number
  readonly interrupt: number
}

const drain = (socket: UdpSocket, take: Take): void => {
  for (;;) {
    const next = Effect.runSync(socket.tryReceive)
    if (Option.isNone(next)) return
    take(next.value)
  }
}

/** One datagram comes, then two; the receiver is interrupted; each before the step of its number. */
const run = (form: Form, moments: Moments) => {
  const { port, scripted, socket } = new ScriptedUdp()
  const taken: Array<number> = []
  const take = ({ bytes }: Datagram) => void taken.push(bytes[0]!)
  const receiving = new Stepped(scripted.host, form(socket, take))
  for (let step = 0; step <= stepsMax; step++) {
    if (step === moments.first) port.give(Uint8Array.of(1))
    if (step === moments.second) for (const number of [2, 3]) port.give(Uint8Array.of(number))
    if (step === moments.interrupt) receiving.interrupt()
    receiving.step()
  }
  receiving.settle()
  const byReceiver = taken.length
  const isOver = receiving.fiber.pollUnsafe() !== undefined
  drain(socket, take)
  return { byReceiver, isOver, socket, taken }
}

describe.each(Object.entries(forms))("%s", (_, form) => {
  it("loses no datagram and swaps none, whenever it is interrupted", () => {
    const counts = new Set<number>()
    const arrivals = steps.slice(0, stepsMax / 2)
    for (const first of arrivals) {
      for (const second of arrivals.slice(first)) {
        for (const interrupt of [never, ...steps]) {
          const { byReceiver, isOver, socket, taken } = run(form, { first, second, interrupt })
          if (!isOver || socket.waits.length > 0) throw new Error("the receiver still waits")
          if (taken.join() !== "1,2,3") throw new Error(`not what came: ${taken.join()}`)
          counts.add(byReceiver)
        }
      }
    }
    // The moments were well chosen: some receivers were too late, and some were not.
    expect(counts).toContain(0)
    expect(counts.size).toBeGreaterThan(1)
  })
})

const ascending = (one: number, other: number): number => one - other

describe("three fibers in line", () => {
  interface Cut {
    readonly who: number
    readonly step: number
  }

  /** Three wait, three datagrams come at once, one fiber is interrupted before some step. */
  const inLine = ({ step: at, who }: Cut) => {
    const { port, scripted, socket } = new ScriptedUdp()
    const got = new Map<number, number>()
    const scheduler = new StepScheduler()
    const fibers = [0, 1, 2].map((fiber) => {
      const receive = Effect.map(socket.receive, ({ bytes }) => got.set(fiber, bytes[0]!))
      const stepped = new Stepped(scripted.host, receive, scheduler)
      while (socket.waits.length <= fiber) stepped.step()
      return stepped
    })
    for (const number of [1, 2, 3]) port.give(Uint8Array.of(number))
    for (let step = 0; step <= stepsMax; step++) {
      if (step === at) fibers[who]!.interrupt()
      scheduler.step()
    }
    const rest: Array<number> = []
    drain(socket, ({ bytes }) => rest.push(bytes[0]!))
    return { got: [0, 1, 2].map((fiber) => got.get(fiber)), rest }
  }

  it("get the datagrams in their order", () => {
    expect(inLine({ who: 0, step: never })).toEqual({ got: [1, 2, 3], rest: [] })
  })

  it.each([0, 1, 2])("leave theirs to those behind when number %i is interrupted", (who) => {
    const outcomes = new Set(steps.map((step) => JSON.stringify(inLine({ who, step }))))
    for (const outcome of outcomes) {
      const { got, rest } = JSON.parse(outcome) as ReturnType<typeof inLine>
      const taken = got.filter((number) => typeof number === "number")
      expect(taken).toEqual(taken.toSorted(ascending))
      expect([...taken, ...rest].toSorted(ascending)).toEqual([1, 2, 3])
      expect(taken.length).toBeGreaterThan(1)
    }
    expect(outcomes.size).toBeGreaterThan(1)
  })
})
