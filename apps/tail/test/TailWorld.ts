/** Files, the app and its subscribers in one simulated world. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import { EventLoop, Files, Tcp } from "@portico/core"
import { SimBackend } from "@portico/sim"
import { expect } from "vitest"
import * as Program from "../src/Program.ts"

const seeds = Array.from({ length: 10 }, (_, index) => index + 1)

export const log = "/home/log"

const options: Program.Options = {
  files: [log],
  listen: { port: 0 },
  from: "end",
  isPrinting: false,
  watching: {},
  lineBytesMax: 1024 * 1024,
  subscribersMax: 100,
  subscriberBytesMax: 64 * 1024,
  drainDeadline: Duration.seconds(5)
}

/**
 * Runs a program in the simulator with each seed; any task that is ready may be the next. Then
 * nothing may be left open.
 */
export const inEveryOrder = <E>(program: Effect.Effect<void, E, SimBackend.Services>) => {
  const andClosed = Effect.gen(function* () {
    yield* program
    expect(yield* EventLoop.EventLoop.use(({ handles }) => handles)).toHaveLength(0)
  })
  for (const seed of seeds) {
    const exit = SimBackend.runSync(Effect.provide(andClosed, Logger.layer([])), {
      seed,
      order: "random"
    })
    expect(exit, `seed ${seed}`).toStrictEqual(Exit.void)
  }
}

export const serveTail = (overrides: Partial<Program.Options>) =>
  Program.serve({ ...options, ...overrides })

/** Starts the app on a free port; it follows until the scope ends. */
export const startTail = Effect.fnUntraced(function* (overrides: Partial<Program.Options> = {}) {
  const tail = yield* serveTail(overrides)
  yield* Effect.forkScoped(tail.following)
  const { address } = tail.server
  if (address._tag === "UnixPathAddress") throw new Error("Not a port")
  return { ...tail, port: address.port }
})

export const append = (text: string, path = log) =>
  Files.appendFile(path, new TextEncoder().encode(text))

export const numbered = (from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${from + index}\n`).join("")

/** A subscriber that is served already. */
export const subscribe = Effect.fnUntraced(function* (tail: {
  readonly port: number
  readonly server: Program.Tail["server"]
}) {
  const before = yield* tail.server.connections
  const stream = yield* Tcp.connect({ port: tail.port })
  while ((yield* tail.server.connections) === before) yield* Effect.sleep("1 millis")
  // Its handler has begun, and has registered by now.
  yield* Effect.sleep("10 millis")
  return stream
})

/** What comes until the end. */
export const textOf = Effect.fnUntraced(function* (
  stream: Effect.Success<ReturnType<typeof subscribe>>
) {
  let text = ""
  while (true) {
    const bytes = yield* stream.read
    if (bytes.length === 0) return text
    text += new TextDecoder().decode(bytes)
  }
})

/** The next bytes, as many as `text` has. */
export const next = (stream: Effect.Success<ReturnType<typeof subscribe>>, text: string) =>
  Effect.map(stream.readExactly(new TextEncoder().encode(text).length), (bytes) =>
    new TextDecoder().decode(bytes)
  )

export const joinAll = <A, E>(fibers: ReadonlyArray<Fiber.Fiber<A, E>>) =>
  Effect.forEach(fibers, (fiber) => Fiber.join(fiber))
