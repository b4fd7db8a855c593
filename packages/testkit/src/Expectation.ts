/** What laws say about values and failures, each with a `LawFailure` that shows both sides. */
import { Backend, type Capabilities, IoError, type Reason } from "@portico/core"
import * as Effect from "effect/Effect"
import { LawFailure } from "./LawFailure.ts"

const show = (value: unknown): string =>
  value instanceof Uint8Array
    ? `${value.length} bytes [${value.subarray(0, 8).join(" ")}${value.length > 8 ? " …" : ""}]`
    : String(value)

export const fails = (message: string): Effect.Effect<never, LawFailure> =>
  Effect.fail(new LawFailure({ message }))

export const isTrue = (condition: boolean, message: string): Effect.Effect<void, LawFailure> =>
  condition ? Effect.void : fails(message)

/** Plain values: compared by `Object.is`. */
export const equals = <A>(actual: A, expected: A, what: string): Effect.Effect<void, LawFailure> =>
  Object.is(actual, expected)
    ? Effect.void
    : fails(`${what}: expected ${show(expected)}, got ${show(actual)}`)

/** Lists of plain values. */
export const equalsAll = <A>(
  actual: ReadonlyArray<A>,
  expected: ReadonlyArray<A>,
  what: string
): Effect.Effect<void, LawFailure> =>
  actual.length === expected.length && actual.every((value, i) => Object.is(value, expected[i]))
    ? Effect.void
    : fails(`${what}: expected [${expected.join(", ")}], got [${actual.join(", ")}]`)

export const sameBytes = (
  actual: Uint8Array,
  expected: Uint8Array,
  what: string
): Effect.Effect<void, LawFailure> => {
  if (actual.length !== expected.length) {
    return fails(`${what}: expected ${show(expected)}, got ${show(actual)}`)
  }
  for (let index = 0; index < actual.length; index++) {
    if (actual[index] === expected[index]) continue
    return fails(`${what}: byte ${index} should be ${expected[index]}: ${actual[index]}`)
  }
  return Effect.void
}

/** The failure of an effect that must fail. */
export const failure = <A, R>(
  effect: Effect.Effect<A, IoError.IoError, R>
): Effect.Effect<IoError.IoError, LawFailure, R> =>
  Effect.matchEffect(effect, {
    onSuccess: (value) => fails(`Expected a failure, got ${show(value)}`),
    onFailure: Effect.succeed
  })

/** Fails with one of the reasons; gives the error, to look closer. */
export const failsWith = <A, R>(
  reasons: Reason.Reason["_tag"] | ReadonlyArray<Reason.Reason["_tag"]>,
  effect: Effect.Effect<A, IoError.IoError, R>
): Effect.Effect<IoError.IoError, LawFailure, R> =>
  Effect.flatMap(failure(effect), (error) =>
    [reasons].flat().includes(error.reason._tag)
      ? Effect.succeed(error)
      : fails(`Expected ${[reasons].flat().join(" or ")}, got ${error.message}`)
  )

/** The same of a call that is no effect, and gives why it was refused. */
export const isRefused = (
  reason: Reason.Reason["_tag"],
  refused: IoError.IoError | undefined
): Effect.Effect<IoError.IoError, LawFailure> =>
  failsWith(reason, refused === undefined ? Effect.void : Effect.fail(refused))

/** Fails as `InvalidArgument`, naming the argument and its bound. */
export const rejects = <A, R>(
  argument: string,
  effect: Effect.Effect<A, IoError.IoError, R>
): Effect.Effect<void, LawFailure, R> =>
  Effect.flatMap(failure(effect), (error) =>
    IoError.isIoError(error) &&
    error.reason._tag === "InvalidArgument" &&
    error.reason.argument === argument &&
    error.reason.bound !== ""
      ? Effect.void
      : fails(`Expected InvalidArgument (${argument} must be …), got ${error.message}`)
  )

/** Fails as `Unsupported`, naming this backend and, if given, the capability. */
export const isUnsupported = <A, E, R>(
  effect: Effect.Effect<A, IoError.IoError | E, R>,
  capability?: Capabilities.Capability
): Effect.Effect<void, E | LawFailure, R | Backend.Backend> =>
  Effect.gen(function* () {
    const backend = yield* Backend.Backend
    const error = yield* Effect.matchEffect(effect, {
      onSuccess: (value) => fails(`Expected Unsupported, got ${show(value)}`),
      onFailure: (error) => (IoError.isIoError(error) ? Effect.succeed(error) : Effect.fail(error))
    })
    const { message, reason } = error as IoError.IoError
    const named = reason._tag === "Unsupported" && reason.backend === backend.name
    if (named && (capability === undefined || reason.capability === capability)) return
    const expected = `Unsupported (${capability ?? "…"} on the ${backend.name} backend)`
    return yield* fails(`Expected ${expected}, got ${message}`)
  })
