/**
 * Tasks of which a tenth end their threads, a tenth are cancelled while they run, and a tenth run
 * out of memory, where the host tells that apart. Prints, as JSON, how many got a wrong answer, and
 * what the lane and the process have left in the end.
 */
import { readdirSync, readFileSync } from "node:fs"
import {
  Backend,
  BlockingPool,
  EventLoop,
  type PoolError,
  type PoolLane,
  Task
} from "@portico/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type * as Tasks from "./mishapTasks.ts"

const module = Task.module<typeof Tasks>(new URL("./mishapTasks.ts", import.meta.url))
const threadsMax = 2

const name = "mishaps"

const nameOf = (thread: string): string => {
  try {
    return readFileSync(`/proc/self/task/${thread}/comm`, "utf8").trim()
  } catch {
    return "has ended"
  }
}

/** Of the lane: the host's own come and go. */
const threads = (): number =>
  readdirSync("/proc/self/task").filter((thread) => nameOf(thread) === name).length

/** A thread that has said that it is through still takes a moment to leave. */
const threadsLeft = Effect.gen(function* () {
  for (let tries = 0; threads() > 0 && tries < 1_000; tries++) yield* Effect.sleep("10 millis")
  return threads()
})

const reasonOf = (effect: Effect.Effect<unknown, PoolError.PoolError>) =>
  Effect.match(effect, {
    onSuccess: (value) => `gave ${String(value)}`,
    onFailure: ({ reason }) => reason._tag as string
  })

/** One that is at it says so in shared memory, and does not stop when it is asked to. */
const cancelled = (lane: PoolLane.PoolLane) =>
  Effect.gen(function* () {
    const words = new Int32Array(new SharedArrayBuffer(4))
    const task = yield* lane.submit(module.task("spin"), [words.buffer])
    while (Atomics.load(words, 0) === 0) yield* Effect.sleep("1 millis")
    const outcome = yield* task.cancel({ grace: 0 })
    return `${outcome}, ${yield* reasonOf(task.await)}`
  }).pipe(
    Effect.scoped,
    Effect.catchTag("PoolError", (error) => Effect.succeed(error.message))
  )

const one = (lane: PoolLane.PoolLane, number: number, isLimited: boolean) => {
  const kind = number % 10
  if (kind === 3) return wrong(reasonOf(lane.run(module.task("exit"), [number])), "WorkerExited")
  if (kind === 5) return wrong(cancelled(lane), "Terminated, Terminated")
  if (kind === 7 && isLimited) {
    return wrong(reasonOf(lane.run(module.task("exhaust"), [])), "OutOfMemory")
  }
  return wrong(reasonOf(lane.run(module.task("square"), [number])), `gave ${number ** 2}`)
}

const wrong = (told: Effect.Effect<string>, expected: string) =>
  Effect.map(told, (text) => (text === expected ? [] : [`${text} instead of ${expected}`]))

/** As many tasks as there are threads, each of which waits for the others. */
const meeting = (lane: PoolLane.PoolLane) => {
  const cell = new SharedArrayBuffer(4)
  const all = Array.from({ length: threadsMax }, () =>
    lane.run(module.task("meet"), [cell, threadsMax])
  )
  return Effect.all(all, { concurrency: "unbounded" })
}

const work = (count: number) =>
  Effect.gen(function* () {
    const { capabilities } = yield* Backend.Backend
    const isLimited = capabilities.workerHeapLimit
    const heap = isLimited ? { heapMaxMiB: 16 } : {}
    const lane = yield* BlockingPool.openLane({ name, threadsMax, waitMax: "1 hour", ...heap })
    const numbers = Array.from({ length: count }, (_, number) => number)
    const wrongs = yield* Effect.forEach(numbers, (number) => one(lane, number, isLimited), {
      concurrency: "unbounded"
    })
    yield* meeting(lane)
    const { holders, tasks, waiting } = yield* lane.snapshot
    const outcome = { wrong: wrongs.flat().slice(0, 5), held: holders.length, waiting, tasks }
    return { ...outcome, threads: threads() }
  }).pipe(Effect.scoped)

export const program = Effect.gen(function* () {
  const { handles } = yield* EventLoop.EventLoop
  const outcome = yield* work(Number(process.argv[2]))
  const left = (yield* handles).length
  yield* Console.log(JSON.stringify({ ...outcome, left, threadsLeft: yield* threadsLeft }))
})
