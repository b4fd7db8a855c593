/** An effect as one operation of a history. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { History } from "./History.ts"
import type { Output } from "./Model.ts"

export interface RecordOptions<E> {
  /**
   * Whether an error says that the operation certainly was not done, and never will be: the service
   * refused it. A timeout or a lost connection does not say that. Default: no error does.
   */
  readonly isRefusal?: ((error: E) => boolean) | undefined
}

/**
 * `operation`, as `client`'s call of `input`: what it succeeds with is what it returned. When it
 * fails, dies, is interrupted, or its host crashes, its outcome is unknown.
 */
export const record = <Input, Out extends Output, E, R>(
  history: History<Input, Out>,
  client: string | number,
  input: Input,
  operation: Effect.Effect<Out, E, R>,
  { isRefusal = () => false }: RecordOptions<E> = {}
): Effect.Effect<Out, E, R> =>
  Effect.suspend(() => {
    const id = history.call(client, input)
    return Effect.onExit(operation, (exit) =>
      Effect.sync(() => {
        if (Exit.isSuccess(exit)) history.return(id, exit.value)
        else if (exit.cause.reasons.some((one) => one._tag === "Fail" && isRefusal(one.error))) {
          history.fail(id)
        } else history.giveUp(id)
      })
    )
  })
