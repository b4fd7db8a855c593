/**
 * The `FilePort` on Bun: Node's, over Bun's `node:fs`, with reads of its own of what the page cache
 * has. It keeps all laws of files with the same codes; where it throws what Node calls back (a
 * length of 2^52), the port takes that, too. Its pool has a thread for each core. `Bun.file` costs
 * as much for one read and more for many at once (`pnpm bench files`), and can neither write at a
 * position nor sync. Bun's `fs.Dir` reads all of a directory when it is asked for the first entry,
 * so it is listed at once in any case.
 */
import * as Os from "node:os"
import type { FilePort, TurnPort } from "@portico/core/port/index"
import * as CachedFile from "@portico/node/file/CachedFile"
import { NodeFile } from "@portico/node/file/NodeFile"
import * as NodeFiles from "@portico/node/file/NodeFiles"
import { BunFile } from "./BunFile.ts"

export const make = (turn: TurnPort, platform: NodeJS.Platform): FilePort =>
  NodeFiles.make({
    turn,
    threads: Os.availableParallelism(),
    opensDirectories: false,
    OpenFile: CachedFile.isAvailable(platform) ? BunFile : NodeFile
  })
