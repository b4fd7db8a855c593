/**
 * Bun's `fs.watch`, by what `NodeWatch` does for both.
 *
 * A thread of Bun's own empties the kernel's queue, so it holds more than Node's: of 30,000 files
 * made while the loop was busy, all were told. But that thread drops an event of the same name and
 * kind as the last one when it comes within 1 to 2 ms: of files that were made again 0 to 0.9 ms
 * after the event of their removal, 7 in 10 were never told (Bun 1.4.5; 3 ms later, all were). So
 * core looks a second time.
 */
import type { TurnPort } from "@portico/core/port/index"
import type { WatchPort } from "@portico/core/port/WatchPort"
import * as NodeWatch from "@portico/node/watch/NodeWatch"

const settleMillis = 5

export const make = (turn: TurnPort): WatchPort => NodeWatch.make(turn, settleMillis)
