/**
 * Hints from `fs.watch`, one directory at a time: inotify on Linux, by libuv and by Bun.
 *
 * What was seen of it on Node 26 and Bun 1.4.5: it watches when it returns (500 of 500 files made
 * right after were told), and tells nothing after `close`. It does not say
 * - when the kernel's queue ran over: of 30,000 files made while Node's thread was busy, 16,384
 *   were told, and none of another directory. So a burst of half the queue counts as an overflow.
 * - on Bun, that another directory has the path: a second watch of a path is of the first one's
 *   directory, whatever has the name by then. So a path is watched once, and anew when it is
 *   another.
 * `recursive` is not used: core watches each directory, and knows what is in one that came.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { PortFailure, raise, type TurnPort } from "@portico/core/port/index"
import type { PortWatch, WatchPort, WatchPortEvents } from "@portico/core/port/WatchPort"
import { Reason } from "@portico/core/Reason"
import { watchFailure } from "../NodeErrno.ts"
import { HintCount } from "./HintCount.ts"

/** Which directory it is: an inode alone is given to the next one at once. */
const identityOf = (directory: string): string | PortFailure => {
  try {
    const stat = fs.statSync(directory, { bigint: true })
    if (!stat.isDirectory()) return new PortFailure(Reason.NotADirectory())
    return `${stat.dev}:${stat.ino}:${stat.birthtimeNs}`
  } catch (error) {
    return watchFailure(error)
  }
}

/** One directory, for all who watch it. */
class DirectoryWatch {
  readonly identity: string
  readonly subscribers = new Set<Subscription>()
  private readonly host: fs.FSWatcher
  private readonly base: string
  private readonly turn: TurnPort
  private readonly hints: HintCount

  constructor(directory: string, identity: string, turn: TurnPort, hints: HintCount) {
    this.identity = identity
    this.base = path.basename(directory)
    this.turn = turn
    this.hints = hints
    this.host = fs.watch(directory, (event, name) => this.onEvent(event, name))
    this.host.on("error", () => this.tell((events) => events.onUnknown()))
  }

  private onEvent(event: fs.WatchEventType, name: string | null): void {
    const isContent = event === "change"
    raise(this.turn, () => {
      for (const { events } of Array.from(this.subscribers)) {
        // The directory itself is told of by its own name, which one in it may have as well.
        if (name === null || name === this.base) events.onUnknown()
        if (name !== null) events.onHint(name, isContent)
      }
      this.hints.add()
    })
  }

  tell(call: (events: WatchPortEvents) => void): void {
    raise(this.turn, () => {
      for (const { events } of Array.from(this.subscribers)) call(events)
    })
  }

  updateRef(): void {
    const isRef = Array.from(this.subscribers).some((one) => one.isRef)
    if (isRef) this.host.ref()
    else this.host.unref()
  }

  close(): void {
    this.host.close()
  }
}

class Subscription implements PortWatch {
  isRef = true
  readonly events: WatchPortEvents
  private readonly watch: DirectoryWatch
  private readonly onLast: () => void

  constructor(watch: DirectoryWatch, events: WatchPortEvents, onLast: () => void) {
    this.watch = watch
    this.events = events
    this.onLast = onLast
    watch.subscribers.add(this)
  }

  close(): void {
    const { subscribers } = this.watch
    if (!subscribers.delete(this)) return
    if (subscribers.size === 0) this.onLast()
    else this.watch.updateRef()
  }

  setRef(isRef: boolean): void {
    this.isRef = isRef
    this.watch.updateRef()
  }
}

class Watches implements WatchPort {
  readonly settleMillis: number
  private readonly turn: TurnPort
  private readonly byPath = new Map<string, DirectoryWatch>()
  private readonly hints = new HintCount(() => {
    for (const watch of Array.from(this.byPath.values())) watch.tell((events) => events.onUnknown())
  })

  constructor(turn: TurnPort, settleMillis: number) {
    this.turn = turn
    this.settleMillis = settleMillis
  }

  open(directory: string, events: WatchPortEvents): PortWatch | PortFailure {
    const watch = this.find(directory)
    if (watch instanceof PortFailure) return watch
    const subscription = new Subscription(watch, events, () => {
      watch.close()
      if (this.byPath.get(directory) === watch) this.byPath.delete(directory)
    })
    watch.updateRef()
    return subscription
  }

  private find(directory: string): DirectoryWatch | PortFailure {
    const identity = identityOf(directory)
    if (identity instanceof PortFailure) return identity
    const known = this.byPath.get(directory)
    if (known?.identity === identity) return known
    // Closed before the next is opened: else Bun gives this one again.
    known?.close()
    this.byPath.delete(directory)
    if (known !== undefined) {
      this.turn.later(() => known.tell((events) => events.onUnknown()))
    }
    try {
      const watch = new DirectoryWatch(directory, identity, this.turn, this.hints)
      this.byPath.set(directory, watch)
      return watch
    } catch (error) {
      return watchFailure(error)
    }
  }
}

/** `settleMillis` is the port's: none on Node, where each change has its event. */
export const make = (turn: TurnPort, settleMillis = 0): WatchPort => new Watches(turn, settleMillis)
