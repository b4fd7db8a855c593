/** What the server is told when it starts. */
import type { PersistenceOptions } from "./journal/Persistence.ts"
import type { ServiceOptions } from "./Service.ts"

export interface Options extends ServiceOptions, PersistenceOptions {
  /** Of keys and values. */
  readonly memoryBytesMax: number
  /** Of what one subscriber has not read; then it is cut off. */
  readonly subscriberBytesMax: number
  /** Of a transaction that waits for EXEC. */
  readonly transactionBytesMax: number
}
