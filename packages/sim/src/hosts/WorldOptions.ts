/** What a world of several hosts is made of. */
import type { SimOptions } from "../SimOptions.ts"
import type { LinkFaults } from "./NetControl.ts"

/** `latency` is that of each host's loopback; limits are each host's. */
export interface WorldOptions extends SimOptions {
  /** What a packet takes from one host to another. Default 200 microseconds. */
  readonly network?: LinkFaults["latency"]
}
