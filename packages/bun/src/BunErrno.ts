/**
 * Bun's errors, translated. They carry the codes of Node's, so Node's table serves.
 */
import { PortFailure } from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"

export {
  brokenPipe,
  failureOf,
  membershipFailure,
  noInterface,
  sendFailure,
  statusFailure
} from "@portico/node/NodeErrno"

/** `setNoDelay` and `setKeepAlive` answer false and keep errno to themselves. */
export const optionRefused = (option: string): PortFailure =>
  new PortFailure(Reason.Unknown({ code: `setsockopt ${option}` }))
