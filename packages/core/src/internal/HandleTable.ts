/**
 * The handles of one backend, and what they share: its ports and its pool of write buffers.
 */
import * as Effect from "effect/Effect"
import type { BackendPorts } from "../Backend.ts"
import type { HandleBase } from "./HandleBase.ts"
import { WriteBufferPool } from "./WriteBuffer.ts"

export class HandleTable {
  readonly ports: BackendPorts
  readonly writeBuffers: WriteBufferPool
  private readonly handles = new Map<number, HandleBase>()
  /** How to end each opening under way when the backend shuts down. */
  readonly attempts = new Set<() => void>()
  isShutDown = false
  private nextId = 1
  private closeSequence = 0
  private closed: Array<HandleBase> = []

  constructor(ports: BackendPorts) {
    this.ports = ports
    this.writeBuffers = new WriteBufferPool(ports.allocate)
  }

  add(handle: HandleBase): number {
    const id = this.nextId++
    this.handles.set(id, handle)
    return id
  }

  list(): Array<HandleBase> {
    return Array.from(this.handles.values())
  }

  isAlive(): boolean {
    for (const handle of this.handles.values()) if (handle.isRef) return true
    return false
  }

  /** Ends everything: openings fail with `Closed`, handles close, and nothing opens any more. */
  get shutDown(): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.isShutDown = true
      for (const abort of Array.from(this.attempts)) abort()
      const closing = this.list().map((handle) => handle.close)
      return Effect.all(closing, { concurrency: "unbounded", discard: true })
    })
  }

  /** The place of a close among all closes asked for. */
  nextCloseSequence(): number {
    return ++this.closeSequence
  }

  /**
   * A descriptor is free. The host may report the closes of one turn in any order (libuv's list is
   * last-in first-out), so reports wait for the next callback and then go out in request order.
   */
  reportClosed(handle: HandleBase): void {
    this.closed.push(handle)
    if (this.closed.length > 1) return
    this.ports.turn.later(() => {
      const closed = this.closed
      this.closed = []
      closed.sort((a, b) => a.closeSequence - b.closeSequence)
      for (const one of closed) {
        this.handles.delete(one.id)
        one.finishClose()
      }
    })
  }
}
