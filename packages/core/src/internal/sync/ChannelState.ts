/** A channel without its ends: places, what lies in them, and who waits on either side. */
import { Broken, type SyncReason } from "../../sync/SyncReason.ts"
import { FiberLine, Waiter } from "./FiberLine.ts"

/** Somebody who wants a value, and the value once there is one. */
export class Taker<A> extends Waiter<{ item: { readonly value: A } | undefined }> {}

export class ChannelState<A> {
  readonly capacity: number
  readonly waitersMax: number
  senders = 0
  receivers = 0
  /** Places that are promised to who has not sent yet. */
  reserved = 0
  /** First in, first out. */
  items: Array<{ readonly value: A }> = []
  readonly sending = new FiberLine<void>()
  readonly receiving = new FiberLine<{ item: { readonly value: A } | undefined }>()

  constructor(capacity: number, waitersMax: number) {
    this.capacity = capacity
    this.waitersMax = waitersMax
  }

  /** Nothing will come any more. */
  get isEnded(): boolean {
    return this.senders === 0 && this.reserved === 0 && this.items.length === 0
  }

  get isBroken(): boolean {
    return this.receivers === 0
  }

  private get isFull(): boolean {
    return this.items.length + this.reserved >= this.capacity
  }

  /** Whether there is a place for who comes now. */
  get isOpen(): boolean {
    return !this.isBroken && !this.isFull && this.sending.waiting.size === 0
  }

  /** A place for one value, where there is one. */
  reserve(): Waiter<void> {
    const waiter = new Waiter<void>(undefined, 0)
    waiter.place = "granted"
    this.reserved++
    return waiter
  }

  /** In line for a place, where there is none; or why not. */
  enter(waiter: Waiter<void>): SyncReason | undefined {
    const { sending, waitersMax } = this
    if (this.isBroken) return Broken
    if (sending.waiting.size >= waitersMax) return { _tag: "TooManyWaiters", waitersMax }
    sending.enter(waiter)
    return undefined
  }

  private grant(): void {
    for (;;) {
      const { first } = this.sending
      if (first === undefined || this.isFull) return
      this.reserved++
      this.sending.end(first, "granted")
    }
  }

  /** A place that was promised is not needed. */
  unreserve(): void {
    this.reserved--
    this.grant()
    this.tellEnd()
  }

  /** Into a place that was promised. */
  putReserved(value: A): void {
    this.reserved--
    this.put(value)
  }

  put(value: A): void {
    if (this.isBroken) return
    this.items.push({ value })
    this.serve()
  }

  /** Whoever waits longest has the first value. */
  private serve(): void {
    for (;;) {
      const { first } = this.receiving
      if (first === undefined || this.items.length === 0) break
      first.want.item = this.items.shift()!
      this.receiving.end(first, "granted")
    }
    this.grant()
    this.tellEnd()
  }

  /** The first value, if there is one. */
  take(): { readonly value: A } | undefined {
    const item = this.items.shift()
    if (item === undefined) return undefined
    this.grant()
    this.tellEnd()
    return item
  }

  /** Whoever asked is interrupted: what he had been given and not taken is the next one's. */
  unask(taker: Taker<A>): void {
    const { item } = taker.want
    if (this.receiving.leave(taker) || item === undefined) return
    taker.want.item = undefined
    this.items.unshift(item)
    this.serve()
  }

  tellEnd(): void {
    if (!this.isEnded) return
    this.receiving.endAll("refused")
  }

  /** Nobody receives any more. */
  break(): void {
    this.items = []
    this.sending.endAll("refused")
  }
}
