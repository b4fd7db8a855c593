/// <reference lib="es2024.sharedmemory" />
/**
 * A way into the loop, from this thread by an immediate, from others by `Atomics.notify`.
 *
 * `Atomics.waitAsync` costs nothing while nobody notifies, and does not keep the process alive.
 */
import type { PortWakeUp } from "@portico/core/port/index"
import { NodeHolder, type NodeKeepAlive } from "./NodeKeepAlive.ts"

export class NodeWakeUp implements PortWakeUp {
  private readonly words: Int32Array<SharedArrayBuffer> | undefined
  private readonly onWake: () => void
  private readonly holder: NodeHolder
  private isAsked = false
  private isWatched = false
  private isClosed = false

  constructor(keepAlive: NodeKeepAlive, cell: SharedArrayBuffer | undefined, onWake: () => void) {
    this.words = cell === undefined ? undefined : new Int32Array(cell)
    this.onWake = onWake
    this.holder = new NodeHolder(keepAlive)
    this.holder.set(true)
    this.watch()
  }

  // Immediates run in the order in which they were set, each as a callback of its own.
  wake(): void {
    if (this.isAsked || this.isClosed) return
    this.isAsked = true
    setImmediate(this.deliver)
  }

  // Whoever is told looks at the cell. Watching begins before that, so that a wake in between is
  // not missed: at worst it calls once more than needed.
  private readonly deliver = (): void => {
    this.isAsked = false
    if (this.isClosed) return
    this.watch()
    this.onWake()
  }

  private watch(): void {
    const { words } = this
    if (words === undefined || this.isWatched) return
    const wait = Atomics.waitAsync(words, 0, Atomics.load(words, 0))
    // Woken since the load.
    if (!wait.async) return this.wake()
    this.isWatched = true
    void wait.value.then(this.onNotified)
  }

  private readonly onNotified = (): void => {
    this.isWatched = false
    this.wake()
  }

  setRef(isRef: boolean): void {
    if (!this.isClosed) this.holder.set(isRef)
  }

  // Notifying ourselves ends the wait, which would stay with the cell otherwise.
  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.holder.set(false)
    if (this.words !== undefined) Atomics.notify(this.words, 0)
  }
}
