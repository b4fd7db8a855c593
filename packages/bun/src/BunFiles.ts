/** The `FilePort` on Bun: Node's, over Bun's `node:fs`. */
import * as Os from "node:os"
import type { FilePort, TurnPort } from "@portico/core/port/index"
import * as NodeFiles from "@portico/node/file/NodeFiles"

export const make = (turn: TurnPort): FilePort =>
  NodeFiles.make({ turn, threads: Os.availableParallelism() })
