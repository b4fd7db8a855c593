/** Keys that transactions watch, and whose. */
import { ByteTable, Node } from "./data/ByteTable.ts"
import type { Bytes } from "./resp/Ascii.ts"
import type { Session } from "./Session.ts"

/** Of one session. */
export const watchesMax = 10_000
/** Of one key that is watched. */
export const watchedBytesMax = 64 * 1024

export class WatchedKey extends Node {
  readonly sessions = new Set<Session>()
}

export class Watches {
  // Of at most `watchesMax` keys a session; who chooses colliding ones slows nobody else much.
  private readonly table = new ByteTable<WatchedKey>({ seed: 0 })

  get size(): number {
    return this.table.size
  }

  watch(session: Session, key: Bytes): void {
    let watched = this.table.find(key)
    if (watched === undefined) this.table.add((watched = new WatchedKey(key)))
    watched.sessions.add(session)
    session.watched.add(watched)
  }

  unwatch(session: Session): void {
    for (const watched of session.watched) {
      watched.sessions.delete(session)
      if (watched.sessions.size === 0) this.table.remove(watched)
    }
    session.watched.clear()
    session.isDirty = false
  }

  /** The transactions that watch it will not be executed. */
  touch(key: Bytes): void {
    const watched = this.table.find(key)
    if (watched === undefined) return
    for (const session of watched.sessions) session.isDirty = true
  }
}
