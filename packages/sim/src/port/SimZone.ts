/**
 * What the simulated system's resolver knows: its hosts, and how each name is answered. Programs
 * change it by `Sim.setHost`.
 */
import type { Reason } from "@portico/core/Reason"
import type { NameFaults } from "../fault/NameFaults.ts"

export interface SimHostEntry {
  /** IP literals, in the order in which they are answered. */
  readonly addresses?: ReadonlyArray<string> | undefined
  /** Fail with this instead. */
  readonly failure?: Reason | undefined
  /** Nanoseconds until the answer; `Infinity` for never. */
  readonly delayNanos?: number | undefined
}

const key = (name: string): string => name.toLowerCase().replace(/\.$/, "")

export class SimZone {
  private readonly shared: SimZone | undefined
  private readonly entries = new Map<string, SimHostEntry>([
    ["localhost", { addresses: ["127.0.0.1", "::1"] }]
  ])
  /** What strikes lookups. */
  faults: NameFaults | undefined = undefined
  servers: ReadonlyArray<string> = ["127.0.0.1"]
  /** The hosts file. */
  hosts = "127.0.0.1 localhost\n::1 localhost\n"

  /** `shared` is asked for names that are not set here. */
  constructor(shared?: SimZone) {
    this.shared = shared
  }

  set(name: string, entry: SimHostEntry): void {
    this.entries.set(key(name), entry)
  }

  /** As it was: `undefined` for not at all. */
  restore(name: string, entry: SimHostEntry | undefined): void {
    if (entry === undefined) this.entries.delete(key(name))
    else this.set(name, entry)
  }

  find(name: string): SimHostEntry | undefined {
    return this.entries.get(key(name)) ?? this.shared?.find(name)
  }
}
