/** What the ports of one backend share. */
import type { TurnPort } from "@portico/core/port/index"
import type { Host } from "../kernel/Host.ts"
import { type Strand, StrandKind } from "../loop/Strand.ts"
import type { World } from "../World.ts"

export class SimPorts {
  readonly world: World
  readonly host: Host
  readonly turn: TurnPort
  // Closed handles report in the order in which they were closed, whatever the order of steps.
  private readonly closing: Strand

  constructor(world: World, host: Host, turn: TurnPort) {
    this.world = world
    this.host = host
    this.turn = turn
    this.closing = world.strand(StrandKind.closing)
  }

  /** Raises `event` now, as the turn it is. Called from a step of the port's own. */
  raise(event: () => void): void {
    this.turn.enter()
    try {
      event()
    } finally {
      this.turn.leave()
    }
  }

  /** Raises `onClosed` in phase `closing`, after those asked for before. */
  raiseClosed(events: { onClosed(): void } | undefined): void {
    if (events !== undefined) {
      this.world.post(this.closing, () => this.raise(() => events.onClosed()))
    }
  }
}
