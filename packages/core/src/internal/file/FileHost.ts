/** What the files of one backend share. */
import type { FilePort } from "../../port/FilePort.ts"
import type { HandleTable } from "../HandleTable.ts"
import { FileLane } from "./FileLane.ts"

export class FileHost {
  readonly table: HandleTable
  readonly port: FilePort
  readonly lane: FileLane

  constructor(table: HandleTable, port: FilePort) {
    this.table = table
    this.port = port
    this.lane = new FileLane(port.operationsMax)
  }
}
