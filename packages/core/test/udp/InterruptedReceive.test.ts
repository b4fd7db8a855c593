/**
 * However receives are cut short, every datagram is handed to one fiber or still to be received, in
 * order of arrival; and fibers that wait are served in the order in which they came.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import type { IoError } from "../../src/IoError.ts"
import { PortFailure } from "../../src/port/index.ts"
import { Reason } from "../../src/Reason.ts"
import type { Datagram, UdpSocket } from "../../src/UdpSocket.ts"
import { ScriptedUdp } from "../scripted/ScriptedUdp.ts"
import { never, Stepped, steps, stepsMax, StepScheduler } from "../scripted/StepScheduler.ts"

const refused = new PortFailure(Reason.ConnectionRefused())

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

/** One datagram comes, then two; the receiver is interrupted: before the steps so numbered. */
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

describe("a receiver that looked and has not taken or waited yet", () => {
  /** The exit of a receive when something else happens after so many of its steps. */
  const exits = (before: (udp: ScriptedUdp) => void, meanwhile: (udp: ScriptedUdp) => void) =>
    steps.map((at) => {
      const udp = new ScriptedUdp()
      before(udp)
      const receiving = new Stepped(udp.scripted.host, udp.socket.receive)
      receiving.steps(at)
      meanwhile(udp)
      receiving.settle()
      return { exit: receiving.fiber.pollUnsafe()?._tag, waits: udp.socket.waits.length }
    })

  it("waits for the next datagram when another was faster", () => {
    const outcomes = exits(
      ({ port }) => port.give(Uint8Array.of(1)),
      ({ socket }) => drain(socket, () => {})
    )
    expect(outcomes).toContainEqual({ exit: undefined, waits: 1 })
    expect(outcomes.at(-1)).toEqual({ exit: "Success", waits: 0 })
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(2)
  })

  it("fails when the socket was closed, or its peer answered", () => {
    const connect = ({ socket }: ScriptedUdp) => Effect.runSync(socket.connect({ port: 9 }))
    const closed = exits(connect, ({ socket }) => void Effect.runFork(socket.close))
    const refusal = exits(connect, ({ port }) => port.refuse(refused))
    for (const outcome of [...closed, ...refusal]) {
      expect(outcome).toEqual({ exit: "Failure", waits: 0 })
    }
  })
})

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

describe("fibers that were woken and have not run yet", () => {
  /** Fibers in line, each with a scheduler of its own: who runs first is the test's choice. */
  const lined = (forms: ReadonlyArray<Form>, settings = {}) => {
    const { port, scripted, socket } = new ScriptedUdp(settings)
    const got: Array<ReadonlyArray<number>> = forms.map(() => [])
    const fibers = forms.map((form, place) => {
      const taken: Array<number> = []
      got[place] = taken
      const take = ({ bytes }: Datagram) => void taken.push(bytes[0]!)
      const stepped = new Stepped(scripted.host, form(socket, take))
      while (socket.waits.length <= place) stepped.step()
      return stepped
    })
    const give = (...numbers: ReadonlyArray<number>) => {
      for (const number of numbers) port.give(Uint8Array.of(number))
    }
    const next = () =>
      Option.getOrNull(Option.map(Effect.runSync(socket.tryReceive), ({ bytes }) => bytes[0]!))
    return { fibers, give, got, next, scripted, socket }
  }
  const one = forms["receive"]!
  const two = forms["receiveBatch 2"]!

  it("take the datagrams of their places, whoever runs first", () => {
    const { fibers, give, got } = lined([one, one, one])
    give(1, 2, 3)
    for (const place of [2, 0, 1]) fibers[place]!.settle()
    expect(got).toEqual([[1], [2], [3]])
  })

  it("leave to others what is beyond the line, and nothing else", () => {
    const { fibers, give, got, next } = lined([one, two])
    give(1, 2, 3, 4)
    expect(next()).toBe(3)
    fibers[1]!.settle()
    expect(got[1]).toEqual([2, 4])
    expect(next()).toBeNull()
    fibers[0]!.settle()
    expect(got[0]).toEqual([1])
  })

  it.each(["dropNewest", "dropOldest"] as const)(
    "hold what a full queue is given (%s)",
    (overflow) => {
      const { fibers, give, got, socket } = lined([one, one, one], {
        receiveQueueBytes: 1,
        overflow
      })
      give(1, 2, 3, 4, 5)
      expect(socket.datagrams.datagramsDropped).toBe(2)
      for (const fiber of fibers) fiber.settle()
      expect(got).toEqual([[1], [2], [3]])
    }
  )

  it("take theirs although the socket was closed meanwhile", () => {
    const { fibers, give, got, scripted, socket } = lined([one, one])
    give(1, 2, 3)
    Effect.runFork(socket.close)
    expect(socket.datagrams.datagramsQueued).toBe(2)
    fibers[1]!.interrupt()
    for (const fiber of fibers) fiber.settle()
    scripted.host.settle()
    expect(got).toEqual([[1], []])
    expect(socket.datagrams.datagramsQueued).toBe(0)
    expect(socket.state._tag).toBe("Closed")
  })

  it("leave theirs to the next who waits when they are interrupted", () => {
    const { fibers, give, got, socket } = lined([one, one])
    give(1)
    fibers[0]!.interrupt()
    for (const fiber of fibers) fiber.settle()
    expect(got).toEqual([[], [1]])
    expect(socket.waits).toEqual([])
  })

  it("are out of the line when they were told of an answer", () => {
    const { fibers, give, got, socket } = lined([one, one])
    Effect.runSync(socket.connect({ port: 9 }))
    socket.onRefused(refused)
    fibers[0]!.interrupt()
    fibers[0]!.settle()
    expect(socket.waits.length).toBe(1)
    give(1)
    fibers[1]!.settle()
    expect(got).toEqual([[], [1]])
  })

  it("hear nothing of an answer to somebody behind them", () => {
    const { fibers, give, got, socket } = lined([one, one])
    Effect.runSync(socket.connect({ port: 9 }))
    give(1)
    socket.onRefused(refused)
    for (const fiber of fibers) fiber.settle()
    expect(got).toEqual([[1], []])
    const exit = fibers[1]!.fiber.pollUnsafe()
    expect(exit).toMatchObject({ cause: { reasons: [{ _tag: "Fail" }] } })
  })
})
