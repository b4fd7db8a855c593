/** A thread wakes three fibers of this one; what each was told is printed. */
import { Worker } from "node:worker_threads"
import { EventLoop } from "@portico/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"

const ask = (worker: Worker, requests: string): Effect.Effect<string> =>
  Effect.callback((resume) => {
    worker.once("message", (answers) => resume(Effect.succeed(String(answers))))
    worker.postMessage(requests)
  })

/** The loop does not turn until the cell was notified `times` times, or for 10 s. */
const holdUntil = (cell: SharedArrayBuffer, times: number) =>
  Effect.sync(() => {
    const words = new Int32Array(cell)
    const end = performance.now() + 30_000
    while (Atomics.load(words, 0) < times && performance.now() < end);
  })

export const wakes = Effect.gen(function* () {
  const { openWakeUp } = yield* EventLoop.EventLoop
  const wakeUps = yield* Effect.all([openWakeUp, openWakeUp, openWakeUp])
  const cells = yield* Effect.all(wakeUps.map((wakeUp) => wakeUp.cell))
  const woken = yield* Queue.unbounded<string>()
  for (const [index, wakeUp] of wakeUps.entries()) {
    yield* wakeUp.unref
    yield* wakeUp.await.pipe(
      Effect.flatMap((count) => Queue.offer(woken, `woken ${index} by ${count}`)),
      Effect.forever,
      Effect.forkChild
    )
  }
  const tellWoken = Effect.flatMap(Queue.take(woken), Console.log)
  const worker = new Worker(new URL("Notifying.ts", import.meta.url), { workerData: cells })

  yield* Console.log(`notified ${yield* ask(worker, "2 0 1")}`)
  for (let left = 3; left > 0; left--) yield* tellWoken

  const answer = yield* Effect.forkChild(ask(worker, "0*1000"))
  yield* Effect.yieldNow
  yield* holdUntil(cells[0]!, 1001)
  yield* tellWoken
  yield* Fiber.join(answer)

  yield* wakeUps[0].close
  yield* Console.log(`notified ${yield* ask(worker, "0 1")}`)
  yield* tellWoken
  worker.postMessage("end")
  return yield* Effect.never
})
