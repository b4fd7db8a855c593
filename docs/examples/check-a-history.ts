import { History, Linearizability, Models, SimBackend } from "@portico/sim"
import { Effect } from "effect"

// A store that remembers what it read. A write forgets that, but one moment too early.
const makeStore = () => {
  let disk: Models.Value = 0
  let remembered: Models.Value | undefined
  return {
    read: Effect.gen(function* () {
      if (remembered !== undefined) return remembered
      const value = disk
      yield* Effect.sleep("1 millis")
      return (remembered = value)
    }),
    write: Effect.fn(function* (value: Models.Value) {
      remembered = undefined
      yield* Effect.sleep("1 millis")
      disk = value
      return true
    })
  }
}

const program = Effect.gen(function* () {
  const store = makeStore()
  const history = new History.History<Models.RegisterInput, Models.Value>()
  const read = (client: string) => History.record(history, client, { op: "read" }, store.read)
  const write = (client: string, value: number) =>
    History.record(history, client, { op: "write", value }, store.write(value))

  const ann = Effect.andThen(write("ann", 1), write("ann", 2))
  const bob = Effect.andThen(read("bob"), read("bob"))
  yield* Effect.all([ann, bob], { concurrency: "unbounded" })
  yield* read("ann")
  return Linearizability.linearizable(Models.register(0), history)
})

const verdict = await Effect.runPromise(SimBackend.run(program, { seed: 1 }))
console.log(verdict._tag === "Linearizable" ? "as it should be" : verdict.explanation)
