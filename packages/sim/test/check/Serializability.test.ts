import { Serializability } from "@portico/sim"
import { describe, expect, it } from "vitest"
import { Prng } from "../../src/Prng.ts"

type Transaction = Serializability.Transaction
type Step = Serializability.Step

const { anomaliesOf, assertSerializable } = Serializability

const append = (key: string, value: number): Step => ({ op: "append", key, value })
const read = (key: string, ...values: ReadonlyArray<number>): Step => ({ op: "read", key, values })
const done = (name: string, ...steps: ReadonlyArray<Step>): Transaction => ({
  name,
  steps,
  outcome: "done"
})

const kindsOf = (...transactions: ReadonlyArray<Transaction>) =>
  anomaliesOf(transactions).map(({ kind }) => kind)

describe("anomaliesOf finds", () => {
  it.each<readonly [Serializability.AnomalyKind, ReadonlyArray<Transaction>]>([
    [
      "G0",
      [
        done("a", append("x", 1), append("y", 1)),
        done("b", append("x", 2), append("y", 2)),
        done("c", read("x", 1, 2), read("y", 2, 1))
      ]
    ],
    ["G1a", [{ ...done("a", append("x", 1)), outcome: "failed" }, done("b", read("x", 1))]],
    ["G1b", [done("a", append("x", 1), append("x", 2)), done("b", read("x", 1))]],
    ["G1c", [done("a", append("x", 1), read("y", 2)), done("b", append("y", 2), read("x", 1))]],
    [
      "G-single",
      [
        done("a", read("x"), append("x", 1)),
        done("b", read("x"), append("x", 2)),
        done("c", read("x", 1, 2))
      ]
    ],
    ["G2", [done("a", read("x"), append("y", 1)), done("b", read("y"), append("x", 1))]],
    [
      "incompatible order",
      [
        done("a", read("x", 1, 2)),
        done("b", read("x", 2)),
        done("c", append("x", 1)),
        done("d", append("x", 2))
      ]
    ],
    ["duplicate values", [done("a", append("x", 1)), done("b", read("x", 1, 1))]],
    ["never written", [done("a", read("x", 9))]],
    ["internal", [done("a", append("x", 1), read("x"))]]
  ])("%s", (kind, transactions) => {
    expect(kindsOf(...transactions)).toContain(kind)
  })

  it("nothing where there is nothing", () => {
    expect(
      kindsOf(
        done("a", append("x", 1), append("y", 1)),
        done("b", read("x", 1), append("x", 2)),
        { ...done("c", append("x", 3)), outcome: "unknown" },
        done("d", read("x", 1, 2), read("y", 1))
      )
    ).toEqual([])
  })

  it("a stale read by real time alone", () => {
    const transactions = [
      { ...done("a", append("x", 1)), called: 0, returned: 1 },
      { ...done("b", read("x")), called: 2, returned: 3 }
    ]
    expect(anomaliesOf(transactions)).toEqual([])
    expect(anomaliesOf(transactions, { realTime: true })).toMatchObject([{ kind: "G-single" }])
    expect(() => assertSerializable(transactions, { realTime: true })).toThrow("did not see")
  })
})

/** Whether the transactions, and any of the unknown ones, fit into one order. */
const isSerializable = (transactions: ReadonlyArray<Transaction>): boolean => {
  const place = (lists: ReadonlyMap<string, string>, left: ReadonlyArray<Transaction>): boolean =>
    left.every(({ outcome }) => outcome === "unknown") ||
    left.some((next) => {
      const after = runOn(lists, next)
      const others = left.filter((other) => other !== next)
      return after !== undefined && place(after, others)
    })
  return place(
    new Map(),
    transactions.filter(({ outcome }) => outcome !== "failed")
  )
}

const runOn = (lists: ReadonlyMap<string, string>, { steps }: Transaction) => {
  const after = new Map(lists)
  for (const step of steps) {
    const list = after.get(step.key) ?? ""
    if (step.op === "append") after.set(step.key, `${list},${step.value}`)
    else if (step.values?.map((value) => `,${value}`).join("") !== list) return undefined
  }
  return after
}

/** Runs transactions step by step in any order, as a store does that isolates nothing. */
const interleaved = (seed: number): ReadonlyArray<Transaction> => {
  const random = new Prng(seed, 0)
  const keys = ["x", "y"]
  const lists = new Map(keys.map((key) => [key, [] as ReadonlyArray<number>]))
  const running = Array.from({ length: 2 + random.below(3) }, (_, at) => ({
    name: `t${at}`,
    steps: [] as Array<Step>,
    left: 1 + random.below(3),
    outcome: (["done", "done", "done", "unknown", "failed"] as const)[random.below(5)]!
  }))
  for (let value = 1; running.some(({ left }) => left > 0); value++) {
    const one = running[random.below(running.length)]!
    if (one.left-- <= 0) continue
    const key = keys[random.below(2)]!
    const isRead = random.below(2) === 0
    if (isRead) one.steps.push({ op: "read", key, values: lists.get(key)! })
    else one.steps.push(append(key, value))
    // What failed mostly leaves nothing behind.
    const isDone = one.outcome === "done" || random.below(4) === 0
    if (!isRead && isDone) lists.set(key, [...lists.get(key)!, value])
  }
  const all = done("end", ...keys.map((key) => read(key, ...lists.get(key)!)))
  return [...running, all]
}

it("agrees with brute force on random transactions, all read at the end", () => {
  const counts = { serial: 0, other: 0 }
  const wrong: Array<number> = []
  for (let seed = 0; seed < 1500; seed++) {
    const transactions = interleaved(seed)
    const expected = isSerializable(transactions)
    if ((anomaliesOf(transactions).length === 0) !== expected) wrong.push(seed)
    counts[expected ? "serial" : "other"]++
  }
  expect(wrong).toEqual([])
  expect([counts.serial > 200, counts.other > 200]).toEqual([true, true])
})
