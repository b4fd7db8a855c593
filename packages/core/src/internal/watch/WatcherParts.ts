/** What a watch is made of, whatever it tells. */
import type * as Context from "effect/Context"
import type { Site } from "../../Site.ts"
import type { Root } from "./Root.ts"
import type { WatchSettings } from "./WatchArguments.ts"
import type { WatchFiles } from "./WatchFiles.ts"

export interface WatcherParts {
  readonly root: Root
  readonly settings: WatchSettings
  readonly files: WatchFiles
  readonly context: Context.Context<never>
  readonly site: Site
}
