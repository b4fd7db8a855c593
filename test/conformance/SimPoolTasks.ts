/** The models behind `LawTasks`, in virtual time. */
import { Moved, Task } from "@portico/core"
import { ThreadSeats } from "@portico/core/sync"
import type { Sim } from "@portico/sim"
import { double, type GateCell, type LawTasks } from "@portico/testkit/LawTasks"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as SimSyncActs from "./SimSyncActs.ts"
import { awaitWord, look } from "./SimWords.ts"

const come = (cell: GateCell) =>
  Effect.sync(() => {
    const words = new Int32Array(cell)
    Atomics.add(words, 0, 1)
    return words
  })

/** As a task's module throws: what, is the program's own. */
const failing = (error: unknown): Effect.Effect<never, unknown> => Effect.fail(error)

const { task } = Task.module<Record<keyof LawTasks, () => void>>("sim:laws")

const tasks = {
  echo: task("echo"),
  count: task("count"),
  pass: task("pass"),
  obey: task("obey"),
  obeyByThrowing: task("obeyByThrowing"),
  fail: task("fail"),
  exit: task("exit"),
  crash: task("crash"),
  exhaust: task("exhaust"),
  flood: task("flood"),
  double: task("double"),
  giveFunction: task("giveFunction"),
  countUp: task("countUp"),
  countUpAsync: task("countUpAsync"),
  giveThenObey: task("giveThenObey"),
  spin: task("spin"),
  kill: task("kill"),
  giveFunctions: task("giveFunctions"),
  sumOfDoubles: task("sumOfDoubles"),
  act: task("act")
} as unknown as LawTasks

function* countUp(cell: GateCell, count: number): Generator<number> {
  const words = new Int32Array(cell)
  try {
    for (let next = 0; next < count; next++) {
      Atomics.add(words, 0, 1)
      yield next
    }
    if (count < 0) throw new RangeError("too far")
  } finally {
    Atomics.store(words, 1, 1)
  }
}

const obeyed = (isCancelled: () => boolean) =>
  Effect.gen(function* () {
    while (!isCancelled()) yield* look
    return 2
  })

/** Gives the world its models. */
export const install = (
  sim: Context.Service.Shape<typeof Sim.Sim>
): Effect.Effect<LawTasks, never, ThreadSeats.ThreadSeats> =>
  Effect.gen(function* () {
    const seats = yield* ThreadSeats.ThreadSeats
    yield* sim.setTask(tasks.act, (thread, steps) => SimSyncActs.act(thread, steps, seats))
    yield* sim.setTask(tasks.echo, (_, value) => Effect.succeed(value))
    yield* sim.setTask(tasks.count, (_, cell) =>
      Effect.sync(() => Atomics.add(new Int32Array(cell), 0, 1))
    )
    yield* sim.setTask(tasks.pass, (_, cell) =>
      Effect.flatMap(come(cell), (words) => Effect.as(awaitWord(words, 1, 1), 7))
    )
    const obey = (isCancelled: () => boolean, cell: GateCell) =>
      Effect.gen(function* () {
        yield* come(cell)
        while (!isCancelled()) yield* look
        return 8
      })
    yield* sim.setTask(tasks.obey, ({ isCancelled }, cell) => obey(isCancelled, cell))
    yield* sim.setTask(tasks.obeyByThrowing, ({ isCancelled }, cell) =>
      Effect.andThen(obey(isCancelled, cell), failing(new Error("It was asked to stop")))
    )
    yield* sim.setTask(tasks.fail, (_, message) => failing(new RangeError(message)))
    yield* sim.setTask(tasks.exit, ({ exit }, exitCode) => exit(exitCode))
    yield* sim.setTask(tasks.crash, ({ crash }, message) => crash(new RangeError(message)))
    yield* sim.setTask(tasks.exhaust, ({ exhaustMemory }) => exhaustMemory)
    // A world has no standard error.
    yield* sim.setTask(tasks.flood, (_, bytes) => Effect.succeed(bytes))
    yield* sim.setTask(tasks.double, (_, bytes) =>
      Effect.sync(() => {
        const doubled = bytes.map((byte) => byte * 2)
        return Moved.of(doubled, [doubled.buffer]) as never
      })
    )
    yield* sim.setTask(tasks.giveFunction, () => Effect.succeed(() => {}))
    yield* sim.setTask(tasks.countUp, (_, cell, count) => Effect.succeed(countUp(cell, count)))
    yield* sim.setTask(tasks.countUpAsync, (_, cell, count) =>
      Effect.succeed(Stream.fromIterable(countUp(cell, count)))
    )
    yield* sim.setTask(tasks.giveThenObey, ({ isCancelled }) =>
      Effect.succeed(Stream.concat(Stream.make(1), Stream.fromEffect(obeyed(isCancelled))))
    )
    yield* sim.setTask(tasks.spin, () => Effect.never)
    yield* sim.setTask(tasks.kill, ({ kill }, signal) => kill(signal))
    yield* sim.setTask(tasks.giveFunctions, () => Effect.succeed([1, () => {}]))
    yield* sim.setTask(tasks.sumOfDoubles, ({ ask }, values) =>
      Effect.forEach(values, (value) => ask(double, value)).pipe(
        Effect.map((doubled) => doubled.reduce((sum, value) => sum + value, 0)),
        Effect.catch(({ reason }) => Effect.succeed<number | string>(reason))
      )
    )
    return tasks
  })
