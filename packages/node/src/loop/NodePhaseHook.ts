/**
 * What Node's immediates show of the loop's phases. They run in the check phase; a ref'd one keeps
 * the loop from waiting (Node's own idle handle), an unref'd one does not, and runs in the turns
 * that happen anyway.
 *
 * On Bun an unref'd immediate keeps the loop from waiting, too: see `BunPhases`.
 */
import type { PortHook } from "@portico/core/port/index"
import { NodeHolder, type NodeKeepAlive } from "./NodeKeepAlive.ts"

abstract class ImmediateHook implements PortHook {
  protected immediate: NodeJS.Immediate
  private readonly callback: () => void
  private isRemoved = false

  constructor(callback: () => void) {
    this.callback = callback
    this.immediate = setImmediate(this.onImmediate)
  }

  // Armed first: one that throws is called again.
  private readonly onImmediate = (): void => {
    this.immediate = setImmediate(this.onImmediate)
    this.onArmed()
    this.callback()
  }

  protected abstract onArmed(): void
  protected abstract hold(isRef: boolean): void

  setRef(isRef: boolean): void {
    if (!this.isRemoved) this.hold(isRef)
  }

  remove(): void {
    if (this.isRemoved) return
    this.hold(false)
    this.isRemoved = true
    clearImmediate(this.immediate)
  }
}

/** Each turn, right after the poll. Ref'd, it keeps the process alive, and the loop may wait. */
export class NodeCheckHook extends ImmediateHook {
  private readonly holder: NodeHolder

  constructor(keepAlive: NodeKeepAlive, callback: () => void) {
    super(callback)
    this.holder = new NodeHolder(keepAlive)
    this.onArmed()
    this.hold(true)
  }

  protected onArmed(): void {
    this.immediate.unref()
  }

  protected hold(isRef: boolean): void {
    this.holder.set(isRef)
  }
}

/**
 * Once between two polls. Ref'd, it keeps the loop from waiting and so uses a whole core, as
 * libuv's idle handles do.
 */
export class NodeIdleHook extends ImmediateHook {
  private isRef = true

  protected onArmed(): void {
    if (!this.isRef) this.immediate.unref()
  }

  protected hold(isRef: boolean): void {
    this.isRef = isRef
    if (isRef) this.immediate.ref()
    else this.immediate.unref()
  }
}
