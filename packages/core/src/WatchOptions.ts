/** The options of `Watch.watch`, with their bounds and defaults. */
import type * as Duration from "effect/Duration"

export interface WatchOptions {
  /** Directories below as well, also those that come later. Default false. */
  readonly recursive?: boolean | undefined
  /**
   * How changes are noticed: `host` by the host's watcher (capability `watch`), `polling` by a look
   * at everything each `interval`. Default: by the host where it can, else by polling.
   */
  readonly method?: WatchMethod | undefined
  /** Of polling: the time between two looks, 10 ms to 1 day. Default 1 second. */
  readonly interval?: Duration.Input | undefined
  /** Events that wait to be taken, 1 to 1,000,000. Default 4,096. Beyond it, see `Overflow`. */
  readonly queueMax?: number | undefined
  /** Names that are watched, 1 to 1,000,000; each costs some 400 bytes. Default 100,000. */
  readonly entriesMax?: number | undefined
}

export type WatchMethod = "host" | "polling"
