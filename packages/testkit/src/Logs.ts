/** What core logs while a law runs: counted where a law is about it, and never printed. */
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"

const silent: ReadonlySet<Logger.Logger<unknown, unknown>> = new Set()

/** Laws make things fail on purpose; their reports would only hide those of real failures. */
export const withoutLogs = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(effect, Logger.CurrentLoggers, silent)

/** The levels of what is logged while `effect` runs, in order, pushed to `levels`. */
export const recordingLogs =
  (levels: Array<string>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
    const recorder = Logger.make<unknown, void>(({ logLevel }) => void levels.push(logLevel))
    return Effect.provideService(effect, Logger.CurrentLoggers, new Set([recorder]))
  }

/** The same for what the messages say. */
export const recordingMessages =
  (messages: Array<string>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
    const recorder = Logger.make<unknown, void>(({ message }) => {
      messages.push([message].flat().map(String).join(" "))
    })
    return Effect.provideService(effect, Logger.CurrentLoggers, new Set([recorder]))
  }
