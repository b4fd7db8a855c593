/**
 * Dispatches *completions*: submit an `Operation`, receive its `Completion`.
 *
 * After Pyarali et al., "Proactor" (POSA2). A view of the same handles that `Tcp`, `Udp` and
 * `Files` open: each operation is the method that it stands for.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import type * as Completion from "./Completion.ts"
import type { IoError } from "./IoError.ts"
import type { Operation } from "./Operation.ts"

export class Proactor extends Context.Service<
  Proactor,
  {
    /**
     * Runs one operation to its completion. Interruption and failures are those of the method it
     * stands for (`Read` is `readUpTo`, `Write` is `writeAll`, …). Accepted and connected streams
     * are closed with the scope.
     */
    readonly submit: <O extends Operation>(
      operation: O
    ) => Effect.Effect<Completion.Of<O>, IoError, Scope.Scope>

    /**
     * Runs a batch (at most 1,024 operations, else `InvalidArgument`) concurrently and gives every
     * outcome, in the order submitted. Never fails for the sake of one of them. Writes on one
     * stream keep their order.
     */
    readonly submitAll: <const Ops extends ReadonlyArray<Operation>>(
      operations: Ops
    ) => Effect.Effect<
      { readonly [I in keyof Ops]: Exit.Exit<Completion.Of<Ops[I]>, IoError> },
      IoError,
      Scope.Scope
    >
  }
>()("@portico/core/Proactor") {}
