/** `Files.entries`: a directory as a stream, open while that runs. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Pull from "effect/Pull"
import * as Stream from "effect/Stream"
import type { DirectoryEntry } from "../../DirectoryEntry.ts"
import type { IoError } from "../../IoError.ts"
import type { Site } from "../../Site.ts"
import type { FileHost } from "./FileHost.ts"
import { openDirectory } from "./openFile.ts"

const operation = "Files.entries"

type Batch = readonly [DirectoryEntry, ...Array<DirectoryEntry>]

/** A list that has something in it, or the end of a stream. */
export const orDone = <A>(list: ReadonlyArray<A>): Pull.Pull<readonly [A, ...Array<A>], never> =>
  list.length === 0 ? Cause.done() : Effect.succeed(list as readonly [A, ...Array<A>])

export const entries = (
  host: FileHost,
  path: string,
  site: Site
): Stream.Stream<DirectoryEntry, IoError> =>
  Stream.unwrap(
    Effect.map(openDirectory(host, operation, path, site), (directory) => {
      const pull: Pull.Pull<Batch, IoError> = Effect.flatMap(
        directory.batch(operation),
        orDone<DirectoryEntry>
      )
      return Stream.fromPull(Effect.succeed(pull))
    })
  )
