/** What a command is: its name, how many words it takes, what it does. */
import type { Engine } from "../Engine.ts"
import type { Request } from "../resp/Request.ts"

/**
 * Synchronous, and in one step: no other command runs before it has ended. It writes one reply, and
 * that before it changes anything, unless the reply is short: a reply that turns out to be too long
 * must leave nothing half done.
 */
export type Run = (engine: Engine, request: Request) => void

/**
 * `grow` may use more memory, and is refused when there is none; `write` changes keys, too, but
 * gives memory back, or takes little. `session` is about the connection, `plain` about no key.
 * `transaction` runs also within MULTI, where the others wait for EXEC; `subscription` runs also
 * while an older client (RESP2) is subscribed, but not within MULTI.
 */
export type Kind = "grow" | "plain" | "read" | "session" | "subscription" | "transaction" | "write"

export interface Command {
  /** In lower case. */
  readonly name: string
  /** Words with the name; negative: at least so many. */
  readonly arity: number
  readonly kind: Kind
  readonly run: Run
}

export const command = (name: string, arity: number, kind: Kind, run: Run): Command => ({
  name,
  arity,
  kind,
  run
})

export const hasArity = ({ arity }: Command, count: number): boolean =>
  arity >= 0 ? count === arity : count >= -arity
