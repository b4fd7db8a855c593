/**
 * What a simulated disk promises, each with the check that throws when it does not hold. Free of
 * the test runner, so that they can be run on disks with a bug (`Mutants.node.test.ts`).
 */
import { crashChecks } from "./checks/CrashChecks.ts"
import { fileChecks } from "./checks/FileChecks.ts"
import { limitChecks } from "./checks/LimitChecks.ts"

export interface DiskCheck {
  /** A sentence. */
  readonly name: string
  readonly check: () => void
}

export const diskChecks: ReadonlyArray<DiskCheck> = [...fileChecks, ...crashChecks, ...limitChecks]
