/** What starting a child fails with when the child ended without reporting that it is ready. */
import * as Data from "effect/Data"

export class NotReady extends Data.TaggedError("NotReady")<{}> {
  override get message(): string {
    return "The child ended without reporting ready"
  }
}
