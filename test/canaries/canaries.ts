/** All of them, in the order of simulation's list of bugs, and their twins. */
import type { Canary } from "./Canary.ts"
import { crossedLocks } from "./CrossedLocks.ts"
import { doubleCharge } from "./DoubleCharge.ts"
import { doubleSpend } from "./DoubleSpend.ts"
import { earlyAnswers } from "./EarlyAnswers.ts"
import { elections } from "./Elections.ts"
import { framedCalls } from "./FramedCalls.ts"
import { leaseLock } from "./LeaseLock.ts"
import { lostWakeUp } from "./LostWakeUp.ts"
import { earlyAcknowledgement, tornTail, unsyncedRename } from "./LostWrites.ts"
import { narrowWindow } from "./NarrowWindow.ts"
import { pooledCalls } from "./PooledCalls.ts"
import { repeatedDatagrams } from "./RepeatedDatagrams.ts"
import { staleCache } from "./StaleCache.ts"
import { staleReads } from "./StaleReads.ts"

export const canaries: ReadonlyArray<Canary> = [
  doubleSpend,
  staleCache,
  narrowWindow,
  lostWakeUp,
  crossedLocks,
  framedCalls,
  earlyAnswers,
  pooledCalls,
  doubleCharge,
  repeatedDatagrams,
  earlyAcknowledgement,
  unsyncedRename,
  tornTail,
  leaseLock,
  elections,
  staleReads
]
/** Some bugs have the same fixed twin: it is run once. */
export const twins = [...new Map(canaries.map((canary) => [canary.fixed, canary])).values()]
