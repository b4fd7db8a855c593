/** A backend with one bug, and the law that has to notice. */
import { FaultyPorts } from "@portico/testkit"
import type { StreamPort } from "@portico/core/port"

export interface Mutant {
  /** What it does wrong, as a verb phrase. */
  readonly name: string
  readonly caughtBy: string
  readonly change: FaultyPorts.PortChange
}

export const { overriding } = FaultyPorts

/** A mutant whose streams differ in what `changes` says. */
export const streamMutant = (
  name: string,
  caughtBy: string,
  changes: (stream: StreamPort) => Partial<StreamPort>
): Mutant => ({
  name,
  caughtBy,
  change: FaultyPorts.changingStreams((stream) => overriding(stream, changes(stream)))
})
