/**
 * The directory that is served, and nothing outside of it: no `..`, no symbolic link that leads
 * out. Names are relative to it, whether they begin with a slash or not.
 *
 * Whoever can change directories below the root while a request runs can still lead it astray
 * between the look and the open: hosts offer no open that is bound to a directory.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type File, Files, type IoError } from "@portico/core"
import { codes, ofFailure, Refusal } from "./wire/Refusal.ts"

export interface Root {
  /** Opens a regular file for reading. */
  readonly openFile: (name: string) => Effect.Effect<File.File, Refusal, Files.Files | Scope.Scope>
  /** The path at which a file may be put, which is there already or not. */
  readonly target: (
    name: string,
    keepsExisting: boolean
  ) => Effect.Effect<string, Refusal, Files.Files>
}

const denied = (message: string) => new Refusal({ code: codes.accessViolation, message })

/** The names on the way. Fails for what leads up, or nowhere. */
const partsOf = (name: string): Effect.Effect<ReadonlyArray<string>, Refusal> => {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".")
  if (parts.includes("..")) return Effect.fail(denied("The name leads up"))
  return parts.length === 0 ? Effect.fail(denied("No file is named")) : Effect.succeed(parts)
}

const refused = <A, R>(effect: Effect.Effect<A, IoError.IoError, R>) =>
  Effect.mapError(effect, ofFailure)

/** Fails unless `directory` is one that can be listed. */
export const make = Effect.fnUntraced(function* (
  directory: string
): Effect.fn.Return<Root, IoError.IoError, Files.Files> {
  const root = yield* Files.realPath(directory)
  const at = (parts: ReadonlyArray<string>) => [root === "/" ? "" : root, ...parts].join("/")

  /** Without symbolic links, and inside. */
  const inside = Effect.fnUntraced(function* (path: string) {
    const real = yield* refused(Files.realPath(path))
    if (real === root || root === "/" || real.startsWith(`${root}/`)) return real
    return yield* denied("A symbolic link leads out")
  })

  return {
    openFile: Effect.fnUntraced(function* (name) {
      const path = yield* inside(at(yield* partsOf(name)))
      // Opening a FIFO would wait for its other end.
      const { kind } = yield* refused(Files.linkStat(path))
      if (kind !== "file") return yield* denied("Not a file")
      return yield* refused(Files.open(path, { noFollow: true }))
    }),
    target: Effect.fnUntraced(function* (name, keepsExisting) {
      const parts = yield* partsOf(name)
      const parent = yield* inside(at(parts.slice(0, -1)))
      const path = `${parent === "/" ? "" : parent}/${parts.at(-1)!}`
      const kind = yield* Files.linkStat(path).pipe(
        Effect.map((stat) => stat.kind as string),
        Effect.catchReason("IoError", "NotFound", () => Effect.succeed("nothing")),
        refused
      )
      if (kind !== "nothing" && kind !== "file") return yield* denied("Not a file")
      if (kind === "file" && keepsExisting) {
        return yield* new Refusal({ code: codes.fileExists, message: "AlreadyExists" })
      }
      return path
    })
  }
})
