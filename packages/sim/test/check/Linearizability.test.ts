import { History, Linearizability, type Model, Models } from "@portico/sim"
import { describe, expect, it } from "vitest"
import type { Prng } from "../../src/Prng.ts"
import { hasOrder, historyOf, type Service } from "./TestHistory.ts"

type Op = History.Operation<Models.CasInput, Models.Value>

const { linearizable } = Linearizability

/** The calls and returns of `count` operations, in every order; each call before its return. */
const schedules = (count: number): ReadonlyArray<ReadonlyArray<number>> => {
  const extend = (events: ReadonlyArray<number>): ReadonlyArray<ReadonlyArray<number>> => {
    if (events.length === 2 * count) return [events]
    // Operations are alike until they get inputs, so they are called in the order of their ids.
    const called = new Set(events).size
    const next = called < count ? [called] : []
    const open = Array.from({ length: called }, (_, id) => id).filter(
      (id) => events.indexOf(id) === events.lastIndexOf(id)
    )
    return [...next, ...open].flatMap((id) => extend([...events, id]))
  }
  return extend([])
}

const kinds: ReadonlyArray<readonly [Models.CasInput, Models.Value | undefined]> = [
  [{ op: "write", value: 1 }, true],
  [{ op: "write", value: 1 }, undefined],
  [{ op: "read" }, 0],
  [{ op: "read" }, 1],
  [{ op: "cas", from: 0, to: 1 }, true],
  [{ op: "cas", from: 1, to: 0 }, false],
  [{ op: "cas", from: 1, to: 0 }, undefined]
]

const operationsOf = (
  schedule: ReadonlyArray<number>,
  chosen: ReadonlyArray<(typeof kinds)[number]>
): ReadonlyArray<Op> =>
  chosen.map(([input, output], id) => ({
    id,
    client: id,
    input,
    output,
    called: schedule.indexOf(id),
    returned: output === undefined ? Infinity : schedule.lastIndexOf(id)
  }))

const choices = (count: number): ReadonlyArray<ReadonlyArray<(typeof kinds)[number]>> =>
  count === 0
    ? [[]]
    : choices(count - 1).flatMap((rest) => kinds.map((kind) => [...rest, kind] as const))

const keyValue: Service<
  ReadonlyMap<string, Models.Value>,
  Models.KeyValueInput,
  Models.KeyValueOutput
> = (state, input) => {
  const value = state.get(input.key) ?? null
  if (input.op === "get") return [state, value]
  if (input.op === "put") return [new Map(state).set(input.key, input.value), true]
  if (input.op === "delete") return [new Map(state).set(input.key, null), value !== null]
  const fits = value === input.from
  return [fits ? new Map(state).set(input.key, input.to) : state, fits]
}

const randomInput =
  (keys: number, values: number) =>
  (random: Prng): Models.KeyValueInput => {
    const key = `k${random.below(keys)}`
    const value = random.below(values)
    const kind = random.below(10)
    if (kind < 5) return { op: "get", key }
    if (kind < 8) return { op: "put", key, value }
    return kind === 8
      ? { op: "delete", key }
      : { op: "cas", key, from: random.below(values), to: value }
  }

const world = { initial: new Map<string, Models.Value>(), service: keyValue }

describe("linearizable", () => {
  it("agrees with brute force on every history of up to three operations", () => {
    const wrong: Array<ReadonlyArray<Op>> = []
    let linear = 0
    let others = 0
    for (const count of [1, 2, 3]) {
      const possible = schedules(count)
      for (const chosen of choices(count)) {
        for (const schedule of possible) {
          const operations = operationsOf(schedule, chosen)
          const model = Models.casRegister(0)
          const expected = hasOrder(model, operations) ? "Linearizable" : "NotLinearizable"
          const verdict = linearizable(model, operations)
          if (verdict._tag !== expected) wrong.push(operations)
          if (expected === "Linearizable") linear++
          else others++
        }
      }
    }
    expect(wrong).toEqual([])
    // Neither verdict is a rare one.
    expect([linear > 1000, others > 1000]).toEqual([true, true])
  })

  it("agrees with brute force on random histories of seven operations", () => {
    const counts = { Linearizable: 0, NotLinearizable: 0, GaveUp: 0 }
    for (let seed = 0; seed < 250; seed++) {
      const history = historyOf({
        ...world,
        seed,
        clients: 4,
        operations: 7,
        input: randomInput(1, 2),
        unknownPerMille: 150,
        wrongPerMille: 200
      })
      const verdict = linearizable(Models.keyValue, history)
      expect([seed, verdict._tag]).toEqual([
        seed,
        hasOrder(Models.keyValue, history.operations) ? "Linearizable" : "NotLinearizable"
      ])
      counts[verdict._tag]++
    }
    expect(counts.Linearizable).toBeGreaterThan(50)
    expect(counts.NotLinearizable).toBeGreaterThan(50)
  })

  it("gives an order in which each result is right, and points inside the operations", () => {
    for (let seed = 0; seed < 10; seed++) {
      const input = randomInput(3, 3)
      const history = historyOf({ ...world, seed, clients: 5, operations: 40, input })
      const verdict = linearizable(Models.keyValue, history)
      if (verdict._tag !== "Linearizable") throw new Error(verdict.explanation)
      for (const order of verdict.orders.values()) expectRight(Models.keyValue, order)
    }
  })
})

const expectRight = <S, I, O extends Model.Output>(
  model: Model.Model<S, I, O>,
  order: ReadonlyArray<Linearizability.Linearized<S, I, O>>
) => {
  let state = model.initial
  let before = -1
  for (const { operation, point, state: next } of order) {
    expect(model.step(state, operation.input, operation.output)).toContainEqual(next)
    expect(point).toBeGreaterThanOrEqual(Math.max(operation.called, before))
    expect(point).toBeLessThanOrEqual(operation.returned)
    before = point
    state = next
  }
}

describe("a thousand operations of ten clients", () => {
  it.each([
    ["on a hundred keys", 100, 0],
    ["on one key", 1, 0],
    ["on ten keys, of which one in fifty has no answer", 10, 20]
  ] as const)("are checked %s in few states", (_, keys, unknownPerMille) => {
    const history = historyOf({
      ...world,
      seed: 1,
      clients: 10,
      operations: 1000,
      input: randomInput(keys, 5),
      unknownPerMille
    })
    expect(history.completed).toBeGreaterThan(900)
    expect(linearizable(Models.keyValue, history, { statesMax: 20_000 })._tag).toBe("Linearizable")
  })

  it("are refused for a single stale read near the end", () => {
    const input = randomInput(1, 5)
    const history = historyOf({ ...world, seed: 2, clients: 10, operations: 1000, input })
    const id = history.call("late", { op: "get", key: "k0" })
    history.return(id, "never written")
    const verdict = linearizable(Models.keyValue, history, { statesMax: 200_000 })
    expect(verdict).toMatchObject({ _tag: "NotLinearizable", part: "k0", stuck: [{ id }] })
  })
})

describe("limits", () => {
  // Lost writes that may be done at any time, and a value that none of them wrote.
  const operations: ReadonlyArray<Op> = [
    ...Array.from({ length: 24 }, (_, id) => ({
      id,
      client: id,
      input: { op: "write" as const, value: id },
      output: undefined,
      called: id,
      returned: Infinity
    })),
    { id: 24, client: 24, input: { op: "read" }, output: -1, called: 24, returned: 25 },
    { id: 25, client: 25, input: { op: "read" }, output: -2, called: 26, returned: 27 }
  ]
  // Each order of them leads to other states.
  const model = { ...Models.casRegister(0), keyOf: () => Symbol() as unknown as string }

  it("end a search with a verdict of its own, which is no pass", () => {
    const verdict = linearizable(model, operations, { statesMax: 1000 })
    expect(verdict).toMatchObject({ _tag: "GaveUp", limit: "states" })
    expect(() =>
      Linearizability.assertLinearizable(model, operations, { statesMax: 1000 })
    ).toThrow("Not decided: CAS register, 26 operations\nThe limit of states was reached")
  })

  it("are in time, too, by the caller's clock", () => {
    let millis = 0
    const timeMax = { millis: 10, now: () => millis++ }
    expect(linearizable(model, operations, { timeMax })).toMatchObject({
      _tag: "GaveUp",
      limit: "time"
    })
  })

  it("do not hide a part that has no order", () => {
    const history: ReadonlyArray<History.Operation<Models.KeyValueInput, Models.Value>> = [
      {
        id: 0,
        client: 0,
        input: { op: "put", key: "a", value: 1 },
        output: true,
        called: 0,
        returned: 3
      },
      {
        id: 1,
        client: 1,
        input: { op: "put", key: "a", value: 2 },
        output: true,
        called: 1,
        returned: 4
      },
      { id: 2, client: 1, input: { op: "get", key: "b" }, output: 7, called: 5, returned: 6 }
    ]
    const verdict = linearizable(Models.keyValue, history, { statesMax: 1 })
    expect(verdict).toMatchObject({ _tag: "NotLinearizable", part: "b" })
  })
})

describe("a history", () => {
  it("leaves out what certainly was not done, and keeps what nobody knows of", () => {
    const history = new History.History<Models.RegisterInput, Models.Value>()
    const [failed, lost, read] = [
      history.call("a", { op: "write", value: 1 }),
      history.call("b", { op: "write", value: 2 }),
      history.call("c", { op: "read" })
    ]
    history.fail(failed)
    history.giveUp(lost)
    history.return(read, 2)
    expect(history.operations.map(({ id, returned }) => [id, returned])).toEqual([
      [lost, Infinity],
      [read, 4]
    ])
    expect(history.completed).toBe(1)
    expect(linearizable(Models.register(0), history)._tag).toBe("Linearizable")
    expect(() => history.return(read, 1)).toThrow("not under way")
  })

  it("that is bad is explained: what fits, and what cannot come next", () => {
    const history = new History.History<Models.RegisterInput, Models.Value>()
    const write = history.call("a", { op: "write", value: 1 })
    history.return(write, true)
    history.return(history.call("b", { op: "read" }), 0)
    const verdict = linearizable(Models.register(0), history)
    expect(verdict).toMatchObject({
      explanation: [
        "Not linearizable: register",
        "An order was found for 1 of 2 operations that returned:",
        "  0-1       a: write 1",
        "which leads to the state: 1",
        "One of these had to come next, and none can:",
        "  2-3       b: read -> 0"
      ].join("\n")
    })
  })
})
