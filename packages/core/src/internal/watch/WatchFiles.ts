/** What watching needs of `Files`. */
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { FileStat } from "../../FileStat.ts"
import type { IoError } from "../../IoError.ts"

export interface WatchFiles {
  readonly stat: (path: string) => Effect.Effect<FileStat, IoError>
  readonly linkStat: (path: string) => Effect.Effect<FileStat, IoError>
  readonly realPath: (path: string) => Effect.Effect<string, IoError>
  readonly entries: (path: string) => Stream.Stream<{ readonly name: string }, IoError>
}
