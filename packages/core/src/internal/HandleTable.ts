/**
 * The handles of one backend, and what they share: its ports, its pool of write buffers, and who
 * looks names up.
 */
import * as Effect from "effect/Effect"
import type { BackendPorts } from "../Backend.ts"
import type { ResolverService } from "../Resolver.ts"
import type { HandleBase } from "./HandleBase.ts"
import { LoopTimers } from "./loop/LoopTimers.ts"
import { Home } from "./sync/Home.ts"
import { WriteBufferPool } from "./stream/WriteBuffer.ts"

/** A connection or a listener that the host is about to open. */
export interface OpeningAttempt {
  /** `Tcp.connect`. */
  readonly operation: string
  readonly address: string
  readonly fiberId: number
  /** Fails it with `Closed`. */
  readonly abort: () => void
}

export class HandleTable {
  readonly ports: BackendPorts
  readonly writeBuffers: WriteBufferPool
  readonly timers: LoopTimers
  // A list through the handles themselves: an entry of a Map would cost each connection several
  // times as much.
  private first: HandleBase | undefined
  private last: HandleBase | undefined
  /** Openings under way, to be ended when the backend shuts down. */
  readonly attempts = new Set<OpeningAttempt>()
  isShutDown = false
  /** Whom `Tcp.connect` asks for names; set before anything is opened. */
  resolver: ResolverService | undefined
  private madeHome: Home | undefined
  private nextId = 1
  private closeSequence = 0
  private closed: Array<HandleBase> = []

  constructor(ports: BackendPorts) {
    this.ports = ports
    this.writeBuffers = new WriteBufferPool(ports.allocate)
    this.timers = new LoopTimers(ports.loop)
  }

  /** Who shares locks with this loop; there from the first use on. */
  get home(): Home {
    return (this.madeHome ??= new Home(this.ports))
  }

  /** Puts a handle last and gives it its id. */
  add(handle: HandleBase): number {
    handle.previous = this.last
    if (this.last === undefined) this.first = handle
    else this.last.next = handle
    this.last = handle
    return this.nextId++
  }

  remove(handle: HandleBase): void {
    const { next, previous } = handle
    if (previous === undefined) this.first = next
    else previous.next = next
    if (next === undefined) this.last = previous
    else next.previous = previous
    handle.next = handle.previous = undefined
  }

  list(): Array<HandleBase> {
    const handles: Array<HandleBase> = []
    for (let one = this.first; one !== undefined; one = one.next) handles.push(one)
    return handles
  }

  isAlive(): boolean {
    for (let one = this.first; one !== undefined; one = one.next) if (one.keepsAlive) return true
    return this.attempts.size > 0
  }

  /** Ends everything: openings fail with `Closed`, handles close, and nothing opens any more. */
  get shutDown(): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.isShutDown = true
      for (const attempt of Array.from(this.attempts)) attempt.abort()
      const closing = this.list().map((handle) => handle.close)
      const close = Effect.all(closing, { concurrency: "unbounded", discard: true })
      return Effect.ensuring(
        close,
        Effect.sync(() => this.madeHome?.close())
      )
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
      closed.sort((a, b) => a.closing!.sequence - b.closing!.sequence)
      for (const one of closed) {
        this.remove(one)
        one.finishClose()
      }
    })
  }
}
