import { Linearizability, type Model, Models } from "@portico/sim"
import { describe, expect, it } from "vitest"
import type { Prng } from "../../src/Prng.ts"
import { hasOrder, historyOf, type Service } from "./TestHistory.ts"

const { linearizable } = Linearizability

interface Case<S, I, O extends Model.Output, R> {
  readonly model: Model.Model<S, I, O>
  readonly initial: R
  readonly service: Service<R, I, O>
  readonly input: (random: Prng) => I
}

const check = <S, I, O extends Model.Output, R>(name: string, one: Case<S, I, O, R>) => {
  describe(`a ${name}`, () => {
    it("agrees with brute force on random histories", () => {
      const counts = { Linearizable: 0, NotLinearizable: 0, GaveUp: 0 }
      const wrong: Array<number> = []
      for (let seed = 0; seed < 200; seed++) {
        const shape = { clients: 3, operations: 6, unknownPerMille: 120, wrongPerMille: 200 }
        const history = historyOf({ ...one, ...shape, seed })
        const verdict = linearizable(one.model, history)
        const expected = hasOrder(one.model, history.operations)
        if (expected !== (verdict._tag === "Linearizable")) wrong.push(seed)
        counts[verdict._tag]++
      }
      expect(wrong).toEqual([])
      expect(counts.Linearizable).toBeGreaterThan(20)
      expect(counts.NotLinearizable).toBeGreaterThan(5)
    })

    it("accepts what a right service answered, answers lost or not", () => {
      for (let seed = 0; seed < 20; seed++) {
        const shape = { clients: 4, operations: 30, unknownPerMille: 30 }
        const verdict = linearizable(one.model, historyOf({ ...one, ...shape, seed }))
        expect([seed, verdict._tag]).toEqual([seed, "Linearizable"])
      }
    })
  })
}

type List = ReadonlyArray<Models.Value>

check<List, Models.QueueInput, Models.QueueOutput, List>("queue", {
  model: Models.queue,
  initial: [],
  service: (state, input) =>
    input.op === "enqueue" ? [[...state, input.value], []] : [state.slice(1), state.slice(0, 1)],
  input: (random) =>
    random.below(2) === 0 ? { op: "dequeue" } : { op: "enqueue", value: random.below(3) }
})

check<Models.SetState, Models.SetInput, Models.SetOutput, List>("set", {
  model: Models.setOfValues,
  initial: [],
  service: (state, input) => {
    if (input.op === "read") return [state, state.toReversed()]
    const has = state.includes(input.value)
    if (input.op === "has") return [state, has]
    const others = state.filter((value) => value !== input.value)
    return input.op === "add" ? [[...others, input.value], !has] : [others, has]
  },
  input: (random) => {
    const op = (["read", "add", "remove", "has"] as const)[random.below(4)]!
    return op === "read" ? { op } : { op, value: random.below(2) }
  }
})

check<List, Models.AppendListInput, Models.AppendListOutput, List>("list", {
  model: Models.appendList,
  initial: [],
  service: (state, input) => (input.op === "read" ? [state, state] : [[...state, input.value], []]),
  input: (random) =>
    random.below(2) === 0
      ? { op: "read", key: "k" }
      : { op: "append", key: "k", value: random.below(2) }
})

check<List, Models.LogInput, Models.LogOutput, List>("log", {
  model: Models.log,
  initial: [],
  service: (state, input) =>
    input.op === "append"
      ? [[...state, input.value], state.length]
      : [state, state.slice(input.from, input.from + input.max)],
  input: (random) =>
    random.below(2) === 0
      ? { op: "read", from: random.below(2), max: 3 }
      : { op: "append", value: random.below(2) }
})

check<Models.Balances, Models.BankInput, Models.BankOutput, Models.Balances>("bank", {
  model: Models.bank({ a: 5, b: 5 }),
  initial: { a: 5, b: 5 },
  service: (state, input) => {
    if (input.op === "read") return [state, state]
    if (state[input.from]! < input.amount) return [state, false]
    const drawn = { ...state, [input.from]: state[input.from]! - input.amount }
    return [{ ...drawn, [input.to]: drawn[input.to]! + input.amount }, true]
  },
  input: (random) => {
    if (random.below(2) === 0) return { op: "read" }
    const [from, to] = random.below(2) === 0 ? ["a", "b"] : ["b", "a"]
    return { op: "transfer", from: from!, to: to!, amount: 1 + random.below(4) }
  }
})

interface Lock {
  readonly held: number
  readonly last: number
  readonly seen: number
}

const lockService: Service<Lock, Models.LockInput, Models.LockOutput> = (state, input) => {
  if (input.op === "acquire") {
    if (state.held !== 0) return [state, false]
    const token = state.last + 1
    return [{ ...state, held: token, last: token }, token]
  }
  if (input.op === "use") {
    const isTaken = input.token >= state.seen
    return [isTaken ? { ...state, seen: input.token } : state, isTaken]
  }
  const isHolder = state.held === input.token
  return [isHolder ? { ...state, held: 0 } : state, isHolder]
}

for (const isLease of [false, true]) {
  check<Models.LockState, Models.LockInput, Models.LockOutput, Lock>(isLease ? "lease" : "lock", {
    model: Models.fencedLock({ isLease }),
    initial: { held: 0, last: 0, seen: 0 },
    service: lockService,
    input: (random) => {
      const op = (["acquire", "release", "use"] as const)[random.below(3)]!
      return op === "acquire" ? { op } : { op, token: 1 + random.below(2) }
    }
  })
}

const sequence = <I, O>(...steps: ReadonlyArray<readonly [I, O | undefined]>) =>
  steps.map(([input, output], id) => ({
    id,
    client: "c",
    input,
    output,
    called: 2 * id,
    returned: output === undefined ? Infinity : 2 * id + 1
  }))

describe("a lock", () => {
  const two = sequence<Models.LockInput, Models.LockOutput>(
    [{ op: "acquire" }, 1],
    [{ op: "acquire" }, 2]
  )

  it("has one holder, a lease may have lost it", () => {
    expect(linearizable(Models.fencedLock({ isLease: false }), two)._tag).toBe("NotLinearizable")
    expect(linearizable(Models.fencedLock({ isLease: true }), two)._tag).toBe("Linearizable")
  })

  it("gives no token twice, and its resource refuses old ones, lease or not", () => {
    const model = Models.fencedLock({ isLease: true })
    const twice = sequence<Models.LockInput, Models.LockOutput>(
      [{ op: "acquire" }, 1],
      [{ op: "acquire" }, 1]
    )
    expect(linearizable(model, twice)._tag).toBe("NotLinearizable")
    const old = sequence<Models.LockInput, Models.LockOutput>(
      [{ op: "use", token: 2 }, true],
      [{ op: "use", token: 1 }, true]
    )
    expect(linearizable(model, old)._tag).toBe("NotLinearizable")
  })
})

it("totals that are wrong are found without an order", () => {
  const operations = sequence<Models.BankInput, Models.BankOutput>(
    [{ op: "read" }, { a: 5, b: 5 }],
    [{ op: "read" }, { a: 5, b: 4 }],
    [{ op: "read" }, { a: 11, b: -1 }]
  )
  expect(Models.wrongTotals(operations, 10).map(({ id }) => id)).toEqual([1, 2])
})
