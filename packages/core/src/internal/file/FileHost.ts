/** What the files of one backend share: the port, and the lanes by which it is reached. */
import type { FilePort } from "../../port/FilePort.ts"
import type { HandleTable } from "../HandleTable.ts"
import { FileLane } from "./FileLane.ts"
import type { Tally } from "./RequestLine.ts"

/** Requests that may wait at once, on one backend. */
export const waitingMax = 10_000

export class FileHost {
  readonly table: HandleTable
  readonly port: FilePort
  /** All that wait: in a lane, or for the cursor of their file. */
  readonly tally: Tally = { count: 0 }
  /** Requests that hold a thread for as long as the disk takes. */
  readonly short: FileLane
  /**
   * Those that may hold one for ever (a pipe that nobody writes to) or for as long as much data
   * takes: so few that threads are left for the others, and for lookups.
   */
  readonly long: FileLane

  constructor(table: HandleTable, port: FilePort) {
    this.table = table
    this.port = port
    this.short = new FileLane(port.operationsMax, this.tally)
    this.long = new FileLane(port.longOperationsMax ?? port.operationsMax, this.tally)
  }

  get isFull(): boolean {
    return this.tally.count >= waitingMax
  }
}
