/**
 * An echo server on the same loop as `size` fibers that compute for ever.
 *
 * It says `ready` with its port while they are parked; told to spin, it says `ready` again and sets
 * them free. After warm-up and window it says `done`, and they spin on for the echoes that are
 * still awaited, until the harness ends the process or `endSeconds` have passed.
 */
import { Tcp, type TcpStream } from "@portico/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { createInterface } from "node:readline"
import type { Task } from "../Task.ts"
import { LateTimer } from "./LateTimer.ts"
import { Meter } from "./Meter.ts"
import { tell } from "./tell.ts"

/** A harness that was killed cannot end us, and the loop may get no turn to see its pipe close. */
const endSeconds = 60

const echo = Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
  while (true) {
    const chunk = yield* stream.readBorrowed
    if (chunk.length === 0) return
    yield* stream.write(chunk)
  }
})

const awaitLine = Effect.callback<void>((resume) => {
  const lines = createInterface({ input: process.stdin })
  lines.on("line", () => resume(Effect.void))
  lines.on("close", () => process.exit(0))
})

/** What every operation of the spinning fibers calls. */
interface Beat {
  count: () => void
}

/** Measures from now on. */
const measure = (task: Task, beat: Beat): void => {
  const timer = new LateTimer()
  timer.start()
  const meter = new Meter(task, {
    onStart: () => timer.clear(),
    onEnd: () => {
      tell("done", JSON.stringify({ ...meter.measurements, timer_late_p99: timer.p99() }))
      const rest = { warmSeconds: 0, seconds: endSeconds }
      beat.count = new Meter(rest, { onEnd: () => process.exit(1) }).count
    }
  })
  beat.count = meter.count
}

/** Computes for so long; the clock is the work. */
const busy = (micros: number): void => {
  const end = performance.now() + micros / 1_000
  while (performance.now() < end);
}

export const echoUnder = (task: Task) =>
  Effect.gen(function* () {
    const gate = Deferred.makeUnsafe<void>()
    const beat: Beat = { count: () => {} }
    const { stepMicros = 0 } = task
    const spin = Effect.suspend(() => {
      beat.count()
      if (stepMicros > 0) busy(stepMicros)
      return Effect.void
    })
    const spinner = Effect.andThen(
      Deferred.await(gate),
      Effect.forever(spin, { disableYield: true })
    )
    for (let fiber = 0; fiber < task.size; fiber++) yield* Effect.forkChild(spinner)

    const server = yield* Tcp.serve(echo, { host: "127.0.0.1", port: 0, connectionsMax: 10 })
    if (server.address._tag === "UnixPathAddress") return yield* Effect.die("Not an inet address")
    tell("ready", `${server.address.port}`)
    yield* awaitLine

    measure(task, beat)
    tell("ready", "")
    yield* Deferred.succeed(gate, undefined)
    return yield* Effect.never
  })
