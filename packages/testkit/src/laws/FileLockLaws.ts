/** Laws of locks on files: who holds one, alone or with others, and until when. */
import { Files } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { failsWith } from "../Expectation.ts"
import { fileLaw, make } from "../FileLaw.ts"
import { lawGroup } from "../Law.ts"

export const FileLockLaws = lawGroup("File locks", [
  fileLaw(
    "FS-19",
    "a locked file is Busy for whoever asks, until the scope of the lock ends",
    function* (directory) {
      const file = yield* make(directory, "a")
      yield* Files.link(`${directory}/a`, `${directory}/b`)
      const other = yield* Files.open(`${directory}/b`)
      const third = yield* make(directory, "c")
      const held = Effect.gen(function* () {
        yield* file.lock("exclusive")
        yield* failsWith("Busy", Effect.scoped(file.lock("exclusive")))
        yield* failsWith("Busy", Effect.scoped(other.lock("exclusive")))
        yield* Effect.scoped(third.lock("exclusive"))
        yield* file.close
        yield* failsWith("Busy", Effect.scoped(other.lock("exclusive")))
      })
      yield* Effect.scoped(held)
      yield* Effect.scoped(other.lock("exclusive"))
      yield* Effect.scoped(other.lock("exclusive"))
      yield* other.close
      yield* failsWith("Closed", Effect.scoped(other.lock("exclusive")))
    },
    {
      capability: {
        name: "fileLock",
        ask: Effect.flatMap(Files.temporaryFile(), (file) => file.lock("exclusive"))
      }
    }
  ),

  fileLaw(
    "FS-68",
    "a lock is shared by 16 at most, and by nobody while one has it alone",
    function* (directory) {
      const file = yield* make(directory, "a")
      const other = yield* Files.open(`${directory}/a`)
      const alone = Effect.scoped(other.lock("exclusive"))
      const sharing = Effect.scoped(other.lock("shared"))
      const rest = yield* Scope.make()
      const held = Effect.gen(function* () {
        yield* file.lock("shared")
        yield* failsWith("Busy", alone)
        yield* sharing
        for (let count = 1; count < 16; count++) yield* Scope.provide(other.lock("shared"), rest)
        yield* failsWith("Busy", sharing)
      })
      yield* Effect.scoped(held)
      yield* sharing
      yield* failsWith("Busy", alone)
      yield* Scope.close(rest, Exit.void)
      yield* alone
      yield* file.lock("exclusive")
      yield* failsWith("Busy", sharing)
      yield* failsWith("Busy", alone)
    },
    {
      capability: {
        name: "fileLockShared",
        ask: Effect.flatMap(Files.temporaryFile(), (file) => file.lock("shared"))
      }
    }
  )
])
