/**
 * What a host does that others may notice, counted, so that a fault can be placed at the very
 * moment: just after a send, before an acknowledgement, between a write and its sync.
 */

/**
 * - `connect`: a SYN has left; `accept`: a program has taken a connection;
 * - `send`: bytes or a datagram have left; `receive`: they are there, and nobody was told yet;
 * - `read`, `write`, `sync`, `metadata`: the disk has done it, and the program does not know yet.
 */
export type IoKind =
  | "connect"
  | "accept"
  | "send"
  | "receive"
  | "read"
  | "write"
  | "sync"
  | "metadata"

interface Trigger {
  readonly kind: IoKind | undefined
  readonly act: () => void
  left: number
}

export class IoEvents {
  /** Events so far. */
  count = 0
  private triggers: ReadonlyArray<Trigger> = []

  note(kind: IoKind): void {
    this.count++
    if (this.triggers.length > 0) this.look(kind)
  }

  private look(kind: IoKind): void {
    for (const trigger of this.triggers) {
      if (trigger.kind !== undefined && trigger.kind !== kind) continue
      if (--trigger.left > 0) continue
      this.triggers = this.triggers.filter((other) => other !== trigger)
      trigger.act()
    }
  }

  /** Calls `act` inside the `index`th event from now, from 1, of that kind or of any; once. */
  at(kind: IoKind | undefined, index: number, act: () => void): () => void {
    const trigger = { kind, act, left: index }
    this.triggers = [...this.triggers, trigger]
    return () => {
      this.triggers = this.triggers.filter((other) => other !== trigger)
    }
  }
}
