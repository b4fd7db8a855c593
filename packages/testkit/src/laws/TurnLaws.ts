/** Laws of the turn, the port that core needs to join small writes and to report closes. */
import { Backend } from "@portico/core"
import * as Effect from "effect/Effect"
import { equals, equalsAll } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { eventually } from "../Turns.ts"

export const TurnLaws = lawGroup("Turns", [
  law("TURN-01", "callbacks for later run later, in the order given", function* () {
    const { turn } = yield* Backend.Backend
    const ran: Array<number> = []
    for (let n = 0; n < 5; n++) turn.later(() => ran.push(n))
    yield* equals(ran.length, 0, "ran from inside the call")
    yield* eventually(
      "all of them ran",
      Effect.sync(() => ran.length === 5)
    )
    yield* equalsAll(ran, [0, 1, 2, 3, 4], "order")
  }),

  law("TURN-02", "tasks for the end of the turn run before callbacks for later", function* () {
    const { turn } = yield* Backend.Backend
    const ran: Array<string> = []
    turn.later(() => ran.push("later"))
    for (const name of ["first", "second"]) turn.atEnd({ runAtTurnEnd: () => ran.push(name) })
    yield* eventually(
      "all of them ran",
      Effect.sync(() => ran.length === 3)
    )
    yield* equalsAll(ran, ["first", "second", "later"], "order")
  }),

  law("TURN-03", "a task added by a task belongs to the same turn", function* () {
    const { turn } = yield* Backend.Backend
    const ran: Array<string> = []
    turn.later(() => ran.push("later"))
    const inner = { runAtTurnEnd: () => ran.push("inner") }
    turn.atEnd({
      runAtTurnEnd: () => {
        ran.push("outer")
        turn.atEnd(inner)
      }
    })
    yield* eventually(
      "all of them ran",
      Effect.sync(() => ran.length === 3)
    )
    yield* equalsAll(ran, ["outer", "inner", "later"], "order")
  }),

  law("TURN-04", "memory is allocated to size, and is nobody else's", function* () {
    const { allocate } = yield* Backend.Backend
    const [one, other] = [allocate(1000), allocate(1000)]
    yield* equals(one.length, 1000, "length")
    one.fill(1)
    other.fill(2)
    yield* equals(
      one.every((byte) => byte === 1),
      true,
      "left alone"
    )
  })
])
