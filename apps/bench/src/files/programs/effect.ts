/** Effect's `FileSystem`, by `@effect/platform-node`, on Node and on Bun. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { pageBytes, partBytes, play, told } from "./turn.ts"

const { inFlight, large, tree } = told()

const loops = <E, R>(loop: Effect.Effect<void, E, R>) =>
  Effect.all(
    Array.from({ length: inFlight }, () => loop),
    { concurrency: "unbounded", discard: true }
  )

const run = <A, E>(effect: Effect.Effect<A, E, FileSystem.FileSystem>): Promise<A> =>
  Effect.runPromise(Effect.provide(effect, NodeFileSystem.layer))

await play(told(), {
  random: (places) =>
    run(
      Effect.scoped(
        Effect.gen(function* () {
          const fs = yield* FileSystem.FileSystem
          const file = yield* fs.open(large)
          const loop = Effect.gen(function* () {
            const buffer = new Uint8Array(pageBytes)
            for (let at = places.next(); at !== -1; at = places.next()) {
              yield* file.read(buffer, { position: BigInt(at) })
            }
          })
          yield* loops(loop)
        })
      )
    ),
  sequential: () =>
    run(
      Effect.scoped(
        Effect.gen(function* () {
          const fs = yield* FileSystem.FileSystem
          const file = yield* fs.open(large)
          const buffer = new Uint8Array(partBytes)
          for (let count = 0; ; count++) if (Number(yield* file.read(buffer)) === 0) return count
        })
      )
    ),
  small: (next) =>
    run(
      Effect.flatMap(FileSystem.FileSystem, (fs) =>
        loops(
          Effect.gen(function* () {
            for (let path = next(); path !== undefined; path = next()) yield* fs.readFile(path)
          })
        )
      )
    ),
  walk: () =>
    run(
      Effect.flatMap(FileSystem.FileSystem, (fs) =>
        Effect.map(fs.readDirectory(tree, { recursive: true }), (names) => names.length)
      )
    )
})
process.exit(0)
