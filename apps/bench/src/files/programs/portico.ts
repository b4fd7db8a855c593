/** The turn of Portico: one program for both hosts. */
import { type BackendLayer, Files } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { pageBytes, partBytes, play, told } from "./turn.ts"

const bytesMax = 2 ** 20

export const program = Effect.gen(function* () {
  const { inFlight, large, tree } = told()
  const file = yield* Files.open(large)
  const run = Effect.runPromiseWith(yield* Effect.context<BackendLayer.Services>())
  const loops = <E, R>(loop: Effect.Effect<void, E, R>) =>
    Effect.all(
      Array.from({ length: inFlight }, () => loop),
      { concurrency: "unbounded", discard: true }
    )
  const batches = {
    random: (places: { readonly next: () => number }) =>
      run(
        loops(
          Effect.gen(function* () {
            const buffer = new Uint8Array(pageBytes)
            for (let at = places.next(); at !== -1; at = places.next()) {
              yield* file.readIntoAt(at, buffer)
            }
          })
        )
      ),
    sequential: () =>
      run(
        Effect.gen(function* () {
          const buffer = new Uint8Array(partBytes)
          for (let count = 0; ; count++) {
            if ((yield* file.readIntoAt(count * partBytes, buffer)) === 0) return count
          }
        })
      ),
    small: (next: () => string | undefined) =>
      run(
        loops(
          Effect.gen(function* () {
            for (let path = next(); path !== undefined; path = next()) {
              yield* Files.readFile(path, { bytesMax })
            }
          })
        )
      ),
    walk: () =>
      run(
        Stream.runFold(
          Files.walk(tree),
          () => 0,
          (count) => count + 1
        )
      )
  }
  yield* Effect.promise(() => play(told(), batches))
}).pipe(Effect.scoped)
