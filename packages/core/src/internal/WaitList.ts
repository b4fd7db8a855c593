/** Fibers that wait for something to become true of a handle, and look again when told. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Wait } from "../Handle.ts"
import type { IoError } from "../IoError.ts"
import { Reason } from "../Reason.ts"
import type { HandleBase } from "./HandleBase.ts"

interface ListedWait extends Wait {
  readonly wake: () => void
}

export class WaitList {
  readonly waits: Array<ListedWait> = []

  /** Waits until `isReady` says so, looking again at each `wakeAll`. Fails with `Closed`. */
  until(
    handle: HandleBase,
    operation: string,
    isReady: () => boolean
  ): Effect.Effect<void, IoError> {
    const look: Effect.Effect<void, IoError> = Effect.suspend(() => {
      if (handle.isClosing) return Effect.fail(handle.error(operation, Reason.Closed()))
      return isReady() ? Effect.void : Effect.andThen(wait, look)
    })
    const wait = Effect.callback<void>((resume) => {
      // The run loop may have yielded since: looking again keeps a wake-up from being missed.
      if (handle.isClosing || isReady()) return resume(Effect.void)
      const fiberId = Fiber.getCurrent()?.id ?? 0
      const listed: ListedWait = { operation, fiberId, wake: () => resume(Effect.void) }
      this.waits.push(listed)
      return Effect.sync(() => {
        const index = this.waits.indexOf(listed)
        if (index !== -1) this.waits.splice(index, 1)
      })
    })
    return look
  }

  wakeAll(): void {
    if (this.waits.length === 0) return
    for (const wait of this.waits.splice(0)) wait.wake()
  }
}
