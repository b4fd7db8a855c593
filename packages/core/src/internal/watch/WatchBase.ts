/** What handles of watches share, whatever they tell. */
import type { HandleCounters, Wait } from "../../Handle.ts"
import { IoError } from "../../IoError.ts"
import type { Reason } from "../../Reason.ts"
import type { WatchMethod } from "../../WatchOptions.ts"
import { HandleBase, noCounters } from "../HandleBase.ts"
import type { HandleTable } from "../HandleTable.ts"
import { WaitList } from "../WaitList.ts"
import type { WatcherParts } from "./WatcherParts.ts"

export abstract class WatchBase extends HandleBase {
  readonly kind = "Watcher"
  protected readonly parts: WatcherParts
  protected readonly readers = new WaitList()
  /** What whoever waits fails with when all was told: nothing comes any more. */
  protected ending: IoError | undefined

  constructor(table: HandleTable, parts: WatcherParts) {
    super(table)
    this.parts = parts
  }

  get path(): string {
    return this.parts.root.shown
  }

  get method(): WatchMethod {
    return this.parts.settings.method
  }

  override error(operation: string, reason: Reason, cause?: unknown): IoError {
    return new IoError({ operation, reason, path: this.path, cause })
  }

  get waits(): ReadonlyArray<Wait> {
    return this.readers.waits
  }

  get site(): string | undefined {
    return this.parts.site.text
  }

  get counters(): HandleCounters {
    return noCounters
  }

  protected get addressText(): string {
    return this.path
  }

  get label(): string {
    return `Watcher #${this.id} ${this.path}`
  }

  override get keepsAlive(): boolean {
    return this.isRef && this.ending === undefined
  }
}
