/** The echo whose counts are held, and echoes that do more than they must: the guard sees each. */
import type { TcpStream } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Echo } from "./Counts.ts"

type Chunk = Uint8Array

/** Writes what it read, when `between` is done with it. */
const echoWith = (between: (chunk: Chunk) => Effect.Effect<Chunk>): Echo =>
  Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
    while (true) {
      const chunk = yield* stream.readBorrowed
      if (chunk.length === 0) return
      yield* stream.write(yield* between(chunk))
    }
  })

const plain: Echo = Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
  while (true) {
    const chunk = yield* stream.readBorrowed
    if (chunk.length === 0) return
    yield* stream.write(chunk)
  }
})

export const echoes = {
  plain,
  "a hop through the run queue": echoWith((chunk) => Effect.as(Effect.yieldNow, chunk)),
  "a fiber for each message": echoWith((chunk) =>
    Effect.succeed(chunk).pipe(Effect.forkChild, Effect.flatMap(Fiber.join))
  ),
  "a promise for each message": echoWith((chunk) => Effect.promise(async () => chunk)),
  "objects for each byte": echoWith((chunk) =>
    Effect.sync(() =>
      Uint8Array.from(
        Array.from(chunk, (byte) => [{ byte }]),
        ([it]) => it!.byte
      )
    )
  )
} satisfies { readonly [name: string]: Echo }
